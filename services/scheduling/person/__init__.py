"""What there is of a person here, list by list."""
