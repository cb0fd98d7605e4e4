"""An appointment, as far as an arrival needs it."""
