"""What scheduling decides: one module for each kind of thing."""
