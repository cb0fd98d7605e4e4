"""The activity."""
