"""Patches that each take one protection away. `make mutants` shows that each turns its test red."""
