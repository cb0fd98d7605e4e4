"""Would a service run, and run well? Looks at what is there, changes nothing, and says what to do."""
