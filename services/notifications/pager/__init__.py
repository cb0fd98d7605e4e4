"""How many pages somebody gets at once, and what is told of those beyond."""
