"""Measurements of the runtime beside its peers. Never part of the test run."""
