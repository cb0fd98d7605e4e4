"""Times in which a patient is not available."""
