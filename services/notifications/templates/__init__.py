"""The kinds of messages that there are."""
