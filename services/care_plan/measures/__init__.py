"""Outcome measures: asked for, answered, scored, compared with the ones before."""
