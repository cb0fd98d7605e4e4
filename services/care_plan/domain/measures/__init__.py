"""Outcome measures: instruments, scoring, requests, history."""
