"""The taper of a patient: a decrease that was agreed, its steps, and every fall that nobody planned (OPI-03)."""
