"""The contracts: what crosses a boundary. Pure pydantic; no I/O, no settings, nothing else of ours."""
