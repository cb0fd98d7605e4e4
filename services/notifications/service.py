"""The notifications service on one screen."""

from pathlib import Path

from backbone.model import Service
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.circle.aggregate import CIRCLE
from services.notifications.consent.aggregate import CONSENT
from services.notifications.contact.aggregate import CONTACT
from services.notifications.gateway.outside import providers
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.reactions import INTAKES, OWN_FACTS, REACTIONS
from services.notifications.message.routes import routes
from services.notifications.phone.aggregate import PHONE
from services.notifications.rules import load_rules

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
