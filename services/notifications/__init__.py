"""The notifications service: who is told what, when, on which channel."""
