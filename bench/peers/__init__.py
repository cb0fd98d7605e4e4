"""Programs that do the same durable job, each in the way of its framework."""
