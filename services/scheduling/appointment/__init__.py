"""Appointments: what is offered, held, booked, moved and cancelled, and who came."""
