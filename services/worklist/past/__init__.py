"""A queue as it was."""
