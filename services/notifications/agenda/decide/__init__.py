"""What is planned to be said to a patient, and when."""
