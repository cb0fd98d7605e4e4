"""Where a service keeps what it knows: PostgreSQL, and its in-memory twin. Both pass one suite."""
