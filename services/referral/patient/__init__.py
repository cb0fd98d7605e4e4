"""The patient registry: an opaque id for a person whom an issuing system knows by an identifier."""
