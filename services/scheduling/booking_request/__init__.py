"""Booking requests: what has to be booked, and the dates that it gets."""
