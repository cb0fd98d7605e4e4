"""Contracts of scheduling."""
