"""The text of a plan, version by version: how one is made of a request, and what differs between two. Pure."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.care_plan.documents import Change, NewPlan


def between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """By key: what was added, removed or changed; lists element by element."""
    found: dict[str, Any] = {}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            added = [each for each in new if each not in old]
            removed = [each for each in old if each not in new]
            found[key] = {"added": added, "removed": removed}
        else:
            found[key] = {"from": old, "to": new}
    return found


def text_of(body: NewPlan, goal_ids: Sequence[str], activity_ids: Sequence[str]) -> str:
    """The version's text: what the draft says, with the ids of what it makes."""
    text = body.model_dump(mode="json", exclude={"patient_id", "referral_id"}, exclude_none=True)
    return msgspec.json.encode(text | {"goal_ids": goal_ids, "activity_ids": activity_ids}).decode()


def merged(
    text: dict[str, Any], body: Change, goal_ids: Sequence[str], activity_ids: Sequence[str]
) -> dict[str, Any]:
    added = body.model_dump(mode="json", exclude_none=True)
    return text | {
        "reason": added["reason"],
        "note": added.get("note", text.get("note")),
        "goals": [*text.get("goals", ()), *added["goals_add"]],
        "goal_ids": [*text.get("goal_ids", ()), *goal_ids],
        "activities": [*text.get("activities", ()), *added["activities_add"]],
        "activity_ids": [*text.get("activity_ids", ()), *activity_ids],
    }


def changes(body: Change) -> tuple[str, ...]:
    """Codes of what changed."""
    named = (("goals", body.goals_add), ("activities", body.activities_add), ("note", body.note))
    return tuple(name for name, value in named if value) or ("reason",)
