"""The notifications service on one screen."""

from pathlib import Path

from backbone.model import Service
from services.notifications.api import routes
from services.notifications.domain.agenda.aggregate import AGENDA
from services.notifications.domain.circle import CIRCLE
from services.notifications.domain.consent import CONSENT
from services.notifications.domain.contact import CONTACT
from services.notifications.domain.message.aggregate import MESSAGE
from services.notifications.domain.phone import PHONE
from services.notifications.domain.rules import load_rules
from services.notifications.outside import providers
from services.notifications.reactions import INTAKES, OWN_FACTS, REACTIONS

SERVICE = Service(
    name="notifications",
    aggregates=(CONSENT, CONTACT, PHONE, AGENDA, CIRCLE, MESSAGE),
    reactions=REACTIONS,
    intakes=INTAKES,
    local=OWN_FACTS,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
    outside=providers,
)
