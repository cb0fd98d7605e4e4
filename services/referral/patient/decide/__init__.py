"""What a patient's record answers."""
