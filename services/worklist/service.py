"""The worklist, on one screen: items, the watch, the table of reactions, the topics that open views follow."""

from pathlib import Path

from backbone.model import Service
from schemas.topics import QUEUES, queue_topic
from services.worklist.api import routes
from services.worklist.domain.episode import EPISODE
from services.worklist.domain.item.aggregate import ITEM
from services.worklist.domain.rules import load_rules
from services.worklist.domain.visit import VISIT
from services.worklist.reactions import OWN_FACTS, REACTIONS
from services.worklist.watching import episode_of

SERVICE = Service(
    "worklist",
    aggregates=(ITEM, EPISODE, VISIT),
    reactions=REACTIONS,
    local=OWN_FACTS,
    foresees=episode_of,
    live=frozenset(queue_topic(queue) for queue in QUEUES),
    keeps_timeline=True,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
)
