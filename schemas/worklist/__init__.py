"""What the worklist tells."""
