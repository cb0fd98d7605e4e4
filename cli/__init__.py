"""`huddle`: the local stack, the demo, and what operations staff type."""
