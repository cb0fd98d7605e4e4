"""Warnings that wait, and the people who are called until a named one answers."""
