"""Whose number it is."""
