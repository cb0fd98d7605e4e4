"""What notifications decides: one module for each kind of thing."""
