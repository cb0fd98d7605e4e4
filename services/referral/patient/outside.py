"""The table of keys, as this service reaches it: whose key is destroyed, of them nothing can be read any more."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec

from backbone.errors import Fatal
from backbone.model import Command, EffectCall, Handler
from backbone.store.sealing import Seals, seals_of
from services.referral.patient.states import FORGET, NoteForgotten, Until
from services.referral.rules import Rules


class NotForgotten(Fatal):
    """Somebody has to see to it: the effect is stopped, and not dropped."""


@asynccontextmanager
async def outside(rules: Rules, settings: Any) -> AsyncIterator[Mapping[str, Handler]]:
    """Handlers by kind of effect."""
    async with seals_of(settings) as seals:
        yield handlers(seals)


def handlers(seals: Seals) -> Mapping[str, Handler]:
    async def forget(call: EffectCall) -> Command:
        until: datetime = msgspec.json.decode(call.body, type=Until).made_until
        return NoteForgotten(keys=await seals.forget(call.aggregate_id, until))

    return {FORGET: Handler(forget, given_up)}


def given_up(call: EffectCall, reason: str) -> Command:
    raise NotForgotten(f"the key was not destroyed: {reason}")
