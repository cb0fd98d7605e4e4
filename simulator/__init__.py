"""A synthetic clinic that drives the public interfaces only: for the demo, for load, for long runs."""
