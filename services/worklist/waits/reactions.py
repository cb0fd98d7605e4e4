"""What is heard because waits are counted by it: the timeline keeps it, no work follows. Pure."""

from backbone.model import Event, On, Orders, on
from schemas.scheduling.v1.unavailability import UnavailabilityRecorded
from services.worklist.rules import Rules


def keep_absence(event: Event[UnavailabilityRecorded], rules: Rules) -> Orders:
    """ATT-06: deducted from the wait."""
    return ()


WAITS: tuple[On, ...] = (on(UnavailabilityRecorded, keep_absence),)
