"""The waiting list: patients who wait for a first visit."""
