"""Every question that is put to the job tables, by name; a test has PostgreSQL explain each over a million jobs."""
