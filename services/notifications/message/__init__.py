"""One message, from plan to delivery."""
