"""Contracts of notifications."""
