"""The services of this version as their code describes them, in the order of `schemas/services.py`."""

from importlib import import_module

from backbone.model import Service
from schemas.services import NAMES


def service(name: str) -> Service:
    found: Service = import_module(f"services.{name}.service").SERVICE
    return found


ALL: tuple[Service, ...] = tuple(service(name) for name in NAMES)
