"""Consent, messages and each patient's plan of messages. Pure."""
