"""The worklist, on one screen: items, the watch, the tables of reactions, the topics that open views follow."""

from pathlib import Path

from backbone.model import Service, known_by_registry
from schemas.generic import generic_facts
from schemas.referral.v1.patient import DeathSettled, MergeUndone, PatientDeceased, PatientsMerged
from schemas.topics import QUEUES, queue_topic
from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.episode.aggregate import EPISODE
from services.worklist.episode.reactions import EPISODES, OWN_ITEMS, episode_of
from services.worklist.episode.routes import ROUTES as EPISODE_ROUTES
from services.worklist.item.aggregate import ITEM
from services.worklist.item.reactions import ITEMS
from services.worklist.item.routes import ROUTES as ITEM_ROUTES
from services.worklist.ladder.aggregate import LADDER
from services.worklist.ladder.reactions import LADDERS
from services.worklist.queue.queries import figures
from services.worklist.queue.routes import ROUTES as QUEUE_ROUTES
from services.worklist.rules import load_rules
from services.worklist.timeline.routes import ROUTES as TIMELINE_ROUTES
from services.worklist.visit.aggregate import VISIT
from services.worklist.visit.facts import VisitBegan
from services.worklist.visit.reactions import VISITS
from services.worklist.waits.reactions import WAITS
from services.worklist.waits.routes import ROUTES as WAIT_ROUTES

SERVICE = Service(
    name="worklist",
    aggregates=(ITEM, EPISODE, VISIT, LADDER),
    reactions=(
        *(*ITEMS, *EPISODES, *VISITS, *WAITS, *LADDERS),
        *known_by_registry(PatientsMerged, MergeUndone, PatientDeceased, DeathSettled),
    ),
    # Handled in the transaction that writes them: the worklist's own parking must not hide them, nor may an episode be
    # looked at between a fact and the work that it makes.
    local=frozenset({*generic_facts("worklist"), VisitBegan, EpisodeUnowned, EpisodeOwned, *OWN_ITEMS.facts}),
    foresees=episode_of,
    live=frozenset(queue_topic(queue) for queue in QUEUES),
    keeps_timeline=True,
    shows="work",
    figures=figures,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=(*QUEUE_ROUTES, *WAIT_ROUTES, *ITEM_ROUTES, *TIMELINE_ROUTES, *EPISODE_ROUTES),
)
