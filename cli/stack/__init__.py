"""Kafka and PostgreSQL on this machine without containers. Used by the command line and by the tests."""
