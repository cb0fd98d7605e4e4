"""The scheduling service on one screen."""

from pathlib import Path

from backbone.model import Service
from services.scheduling.api import routes
from services.scheduling.domain.appointment.aggregate import APPOINTMENT
from services.scheduling.domain.attendance_case import ATTENDANCE_CASE
from services.scheduling.domain.booking_request import BOOKING_REQUEST
from services.scheduling.domain.joint_day import JOINT_DAY
from services.scheduling.domain.record import RECORD
from services.scheduling.domain.rules import load_rules
from services.scheduling.domain.slot import SLOT
from services.scheduling.domain.unavailability import UNAVAILABILITY
from services.scheduling.domain.waitlist_entry import WAITLIST_ENTRY
from services.scheduling.reactions import REACTIONS

SERVICE = Service(
    name="scheduling",
    aggregates=(
        *(BOOKING_REQUEST, WAITLIST_ENTRY, SLOT, APPOINTMENT, JOINT_DAY),
        *(RECORD, ATTENDANCE_CASE, UNAVAILABILITY),
    ),
    reactions=REACTIONS,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
)
