"""What is planned for a patient, and what was sent."""
