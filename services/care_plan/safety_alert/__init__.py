"""The safety alert: one for each patient and kind."""
