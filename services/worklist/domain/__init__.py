"""The rules of the queues: pure functions of states, commands, facts and settings."""
