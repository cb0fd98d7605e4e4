"""The notifications service on one screen."""

from pathlib import Path

from backbone.model import Service, known_by_registry
from schemas.referral.v1.patient import DeathSettled, MergeUndone, PatientDeceased, PatientsMerged
from services.notifications.agenda import reactions as agendas
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.circle.aggregate import CIRCLE
from services.notifications.consent.aggregate import CONSENT
from services.notifications.consent.routes import ROUTES as CONSENT_ROUTES
from services.notifications.contact import reactions as contacts
from services.notifications.contact.aggregate import CONTACT
from services.notifications.escalation import reactions as escalations
from services.notifications.escalation.aggregate import ESCALATION
from services.notifications.escalation.routes import ROUTES as ESCALATION_ROUTES
from services.notifications.gateway.outside import Providers, providers
from services.notifications.gateway.routes import ROUTES as GATEWAY_ROUTES
from services.notifications.guesses.aggregate import GUESSES
from services.notifications.message import queries as messages_read
from services.notifications.message import reactions as messages
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.routes import ROUTES as MESSAGE_ROUTES
from services.notifications.news.reactions.management import MANAGEMENT
from services.notifications.news.reactions.tell import REACTIONS as NEWS
from services.notifications.pager import reactions as pagers
from services.notifications.pager.aggregate import PAGER
from services.notifications.phone.aggregate import PHONE
from services.notifications.roster.aggregate import ROSTER, check_roster, notices
from services.notifications.rules import load_rules

OWN = (*contacts.OWN, *agendas.OWN, *messages.OWN, *escalations.OWN, *pagers.OWN)

SERVICE = Service(
    name="notifications",
    aggregates=(CONSENT, CONTACT, PHONE, AGENDA, CIRCLE, MESSAGE, ESCALATION, PAGER, ROSTER, GUESSES),
    reactions=(
        *(*NEWS, *escalations.REACTIONS, *MANAGEMENT, *contacts.REACTIONS),
        *(*OWN, *known_by_registry(PatientsMerged, MergeUndone, PatientDeceased, DeathSettled)),
    ),
    intakes=contacts.INTAKES,
    local=frozenset(row.fact for row in OWN),
    contents={
        "inbound_text": "reply",
        "contact": "contact",
        "wording": "message",
        "professional_wording": "professional_message",
    },
    shows="message",
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=(*CONSENT_ROUTES, *MESSAGE_ROUTES, *ESCALATION_ROUTES, *GATEWAY_ROUTES),
    outside=providers,
    told=(Providers,),
    at_start=check_roster,
    notices=notices,
    disclosures=messages_read.sent_about,
)
