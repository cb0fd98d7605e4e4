"""Every service's HTTP side, made of its table of routes alone: what its OpenAPI document is read from."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI

from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL


@cache
def applications() -> Mapping[str, FastAPI]:
    """By the name of the service. Nothing runs behind them."""
    clinic: Any = MemoryClinic("2027-01-04 09:00", ALL, {})
    return {service.name: clinic.apps[service.name] for service in ALL}
