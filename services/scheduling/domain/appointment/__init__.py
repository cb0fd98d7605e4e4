"""The appointment."""
