"""The contact: staff spoke with the patient, or tried to."""
