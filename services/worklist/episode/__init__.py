"""The watch over promise 1: every open episode of care has a next step with an owner."""
