"""What is decided about an activity, by subject."""
