"""Whether everybody is there whom a ladder may have to call."""
