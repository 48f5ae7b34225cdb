"""Tags of the admin's pages."""
