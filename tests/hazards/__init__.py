"""The hazard log (`docs/safety/hazards.toml`): read, held against tests and mutants, drawn as a page, tried."""
