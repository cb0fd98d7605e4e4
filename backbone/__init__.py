"""The runtime: Kafka in, one Postgres transaction, Kafka out. It knows no clinical word."""
