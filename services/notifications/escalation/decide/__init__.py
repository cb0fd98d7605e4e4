"""When a ladder begins, goes on and ends."""
