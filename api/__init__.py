"""The REST surface: it translates between HTTP and the domain, and decides nothing."""
