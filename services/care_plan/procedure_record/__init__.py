"""The record of a patient's procedures: what payers count, and what earlier ones brought."""
