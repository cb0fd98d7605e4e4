"""The rows, by the service whose facts make the work."""
