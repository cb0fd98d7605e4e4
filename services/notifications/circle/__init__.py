"""Who besides the patient is told: the practice that referred, and the care team."""
