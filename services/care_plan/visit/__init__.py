"""The visit: what this service keeps of an appointment of scheduling."""
