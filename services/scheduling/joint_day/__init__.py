"""Joint days: several disciplines on one date for one patient."""
