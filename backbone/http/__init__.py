"""HTTP: identity, problems, preconditions, idempotency, live views. No rules."""
