"""What may be done with an appointment, by what is decided: offers, dates, visits, non-attendance, cancellation."""
