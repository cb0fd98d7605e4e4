"""The services of this version as their code describes them, in the order of `schemas/services.py`."""

from backbone.model import Service
from cli.composition import service_of
from schemas.services import NAMES

ALL: tuple[Service, ...] = tuple(service_of(name) for name in NAMES)
