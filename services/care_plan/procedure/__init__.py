"""The procedure: ordered by a physician, performed, and what it brought."""
