"""What months of use do to the job tables: their size, their bloat, how fast retention is, and what is read of them."""
