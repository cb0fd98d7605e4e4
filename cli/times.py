"""Instants as the clinic's clocks show them."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from cli.composition import config_dir
from config.calendar import BusinessCalendar
from config.loading import load
from config.rules import Values


class Times(Values):
    """The one file of the configuration that is needed here."""

    calendar: BusinessCalendar


@cache
def zone() -> ZoneInfo:
    """The clinic's."""
    return load(config_dir(), Times).calendar.zone


def shown(at: datetime) -> str:
    """With the zone: `Thu 07 Jan 2027 13:30 EST`."""
    return f"{at.astimezone(zone()):%a %d %b %Y %H:%M %Z}"
