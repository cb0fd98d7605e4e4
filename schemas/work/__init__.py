"""Which commands belong to which work: one table for the board, for tests, and for whoever builds another screen.

An item's type → the operations that close or advance it, where the parts of their paths come from, and what is read
beside them. No page knows a command by itself.
"""

from collections.abc import Mapping
from typing import Any

from schemas.work.care_plan import CARE_PLAN_WORK
from schemas.work.commands import READS
from schemas.work.day import DAY
from schemas.work.parts import Do, Offer, Source, Work
from schemas.work.referral import REFERRAL_WORK
from schemas.work.scheduling import SCHEDULING_WORK
from schemas.work.system import SYSTEM_WORK

WORK: Mapping[str, Work] = {**REFERRAL_WORK, **SCHEDULING_WORK, **CARE_PLAN_WORK, **SYSTEM_WORK}


def table() -> dict[str, Any]:
    """As the client is given it: JSON, and nothing that only tests need."""
    items = {
        name: {"do": [shown(each) for each in work.do], "beside": work.beside, "why": work.why}
        for name, work in WORK.items()
    }
    day = {name: [shown(each) for each in commands] for name, commands in DAY.items()}
    return {"reads": {name: read._asdict() for name, read in READS.items()}, "items": items, "day": day}


def shown(do: Do) -> dict[str, Any]:
    said = do._asdict() | {
        "path": offered(do.path),
        "offers": offered(do.offers),
        "action": do.action or do.operation,
    }
    del said["causes"]
    return {name: value for name, value in said.items() if value or name == "path"}


def offered(sources: Mapping[str, Source | Offer]) -> dict[str, Any]:
    return {
        name: each
        if isinstance(each, str)
        else {key: value for key, value in each._asdict().items() if value}
        for name, each in sources.items()
    }
