"""The worklist, on one screen: items, the watch, the table of reactions, the topics that open views follow."""

from pathlib import Path

from backbone.model import Service
from schemas.topics import QUEUES, queue_topic
from services.worklist.episode.aggregate import EPISODE
from services.worklist.item.aggregate import ITEM
from services.worklist.item.reactions import OWN_FACTS, REACTIONS
from services.worklist.queue.routes import routes
from services.worklist.rules import load_rules
from services.worklist.visit.aggregate import VISIT

SERVICE = Service(
    "worklist",
    aggregates=(ITEM, EPISODE, VISIT),
    reactions=REACTIONS,
    local=OWN_FACTS,
    live=frozenset(queue_topic(queue) for queue in QUEUES),
    keeps_timeline=True,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
)
