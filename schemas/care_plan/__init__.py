"""Contracts of care_plan."""
