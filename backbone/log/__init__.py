"""Kafka in, Kafka out, timers, effects: what brings work to the engine and carries its rows away."""
