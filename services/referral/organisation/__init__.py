"""Referring organisations: where their letters go."""
