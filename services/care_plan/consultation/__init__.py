"""The consultation, with its letters."""
