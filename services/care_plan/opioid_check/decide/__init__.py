"""What opioid checks decide: which reasons there are, and what falls due or is recorded."""
