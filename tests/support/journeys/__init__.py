"""Patients' journeys as data: what happens line by line, and what must follow from it."""
