"""Facts elsewhere that somebody is told of."""
