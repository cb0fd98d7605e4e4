"""What is decided about a care plan, by subject."""
