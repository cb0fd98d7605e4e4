"""Gates are opened, met, waived, and follow the date."""
