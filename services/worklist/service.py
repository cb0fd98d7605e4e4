"""The worklist, on one screen: the item, the table of reactions, the topics that open views follow."""

from pathlib import Path

from backbone.service import Service
from schemas.topics import QUEUES, queue_topic
from services.worklist.api import routes
from services.worklist.domain.item.aggregate import ITEM
from services.worklist.domain.rules import load_rules
from services.worklist.reactions import OWN_GENERIC_FACTS, REACTIONS

SERVICE = Service(
    "worklist",
    aggregates=(ITEM,),
    reactions=REACTIONS,
    local=OWN_GENERIC_FACTS,
    live=frozenset(queue_topic(queue) for queue in QUEUES),
    keeps_timeline=True,
    migrations=Path(__file__).parent / "sql",
    load_rules=load_rules,
    routes=routes,
)
