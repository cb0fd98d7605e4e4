"""What is decided about cases, meetings and actions."""
