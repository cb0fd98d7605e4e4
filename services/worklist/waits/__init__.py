"""The honest wait of a queue: it counts who still waits, and deducts when a patient was not available."""
