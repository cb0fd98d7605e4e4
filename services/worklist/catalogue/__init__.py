"""Which facts make which work, and which end it."""
