"""All public facts by wire type: found in the packages of the registered services, never listed."""

import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType

from schemas.fact import Fact
from schemas.generic import generic_facts
from schemas.services import NAMES


@cache
def facts() -> Mapping[str, type[Fact]]:
    """Fact classes by wire type: service by service, each one's own before the generic ones."""
    return {fact.wire_type: fact for service in NAMES for fact in facts_of(service)}


def facts_of(service: str) -> Iterator[type[Fact]]:
    """What the service publishes. Raises ModuleNotFoundError when it has no package of contracts."""
    for module in modules(import_module(f"schemas.{service}.v1")):
        yield from declared(module)
    yield from generic_facts(service)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The package's modules, however deep."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield import_module(found.name)


def declared(module: ModuleType) -> Iterator[type[Fact]]:
    """The public facts that stand in the module itself."""
    for value in vars(module).values():
        is_fact = isinstance(value, type) and issubclass(value, Fact) and value.public
        if is_fact and value.wire_type and value.__module__ == module.__name__:
            yield value
