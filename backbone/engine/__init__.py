"""The pure engine: orders and states in, new states, facts and rows out. No Kafka, no HTTP."""
