"""The scheduling service on one screen."""

from pathlib import Path

from backbone.model import Service
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.routes import routes
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE
from services.scheduling.booking_request.aggregate import BOOKING_REQUEST
from services.scheduling.joint_day.aggregate import JOINT_DAY
from services.scheduling.reactions import REACTIONS
from services.scheduling.referral_record.aggregate import RECORD
from services.scheduling.rules import load_rules
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.unavailability.aggregate import UNAVAILABILITY
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY

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
