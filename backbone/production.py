"""What production refuses, all of it at once, before anything is begun: settings, rules, the database's role."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from backbone.errors import UnusableSettings
from backbone.model.service import Service
from backbone.settings import Settings
from backbone.told import as_told
from config.approval import unapproved
from config.governed import GovernedFiles


def refusals(service: Service, settings: Settings, rules: Any, now: datetime) -> Iterator[str]:
    """A sentence each; what the server says of the role is not among them (`store.rights`)."""
    yield from settings.refusals()
    for shape in service.told:
        try:
            yield from as_told(shape).refusals()
        except UnusableSettings as error:
            yield str(error).removesuffix(".")
    if isinstance(rules, GovernedFiles) and (told := unapproved(rules.editions, rules.calendar.day(now))):
        yield told.removesuffix(".")
