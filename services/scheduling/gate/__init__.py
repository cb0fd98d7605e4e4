"""What must be true before a procedure: one gate for each procedure and kind, and what shows that it is met."""
