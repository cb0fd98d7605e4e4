"""Conflicts: orders of one person that do not go together, as somebody's work (MDT-03)."""
