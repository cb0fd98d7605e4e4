"""Scheduling: slots, bookings, the waiting list, attendance, joint days."""
