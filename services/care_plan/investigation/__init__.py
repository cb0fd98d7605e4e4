"""Investigations: ordered, due, done or not, read by somebody."""
