"""What protects a patient who does not come: safety alerts that are open, a crisis, being a minor."""
