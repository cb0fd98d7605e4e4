"""The renal function of a patient: every value with its day, whichever plan it was stated at (ANT-06)."""
