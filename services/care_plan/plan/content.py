"""The text of a plan, version by version: what it says, and how two versions differ. Pure."""

from datetime import date

import msgspec
from msgspec.structs import replace

from backbone.ids import derive
from schemas.codes import Discipline, Priority
from schemas.fact import Code
from services.care_plan.activity.states import Work


class PlannedGoal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """In the patient's words. Levels run from -2 to 2."""

    text: str
    weight: int
    baseline_level: int
    domain: Code
    target_on: date


class PlannedActivity(Work, frozen=True, kw_only=True, omit_defaults=True):
    """What will be ordered of a discipline."""

    assessment: bool
    remote: bool
    priority: Priority
    not_before: date | None = None
    replaces: str | None = None
    again: bool = False
    """Wanted although the same is ordered and open."""

    @property
    def what(self) -> tuple[Discipline, Code]:
        return self.discipline, self.kind


class PlanText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One version, whole. `reason`: why it is another than the one before."""

    consultation_id: str | None = None
    reason: str | None = None
    note: str | None = None
    goals: tuple[PlannedGoal, ...] = ()
    activities: tuple[PlannedActivity, ...] = ()
    goal_ids: tuple[str, ...] = ()
    activity_ids: tuple[str, ...] = ()

    @property
    def disciplines(self) -> tuple[Discipline, ...]:
        return tuple(dict.fromkeys(each.discipline for each in self.activities))


def repeated(text: PlanText) -> PlannedActivity | None:
    """What is planned twice, and nobody said that it is wanted again."""
    planned = [each.what for each in text.activities]
    twice = (each for no, each in enumerate(text.activities) if each.what in planned[:no] and not each.again)
    return next(twice, None)


def identified(plan_id: str, text: PlanText) -> PlanText:
    """With the ids of its goals and activities: the first ones keep theirs when others are added."""
    return replace(
        text,
        goal_ids=tuple(derive(plan_id, f"goal:{no}") for no, _ in enumerate(text.goals, 1)),
        activity_ids=tuple(derive(plan_id, f"activity:{no}") for no, _ in enumerate(text.activities, 1)),
    )


def extended(plan_id: str, before: PlanText, added: PlanText) -> PlanText:
    """The next version: what is added, and the new note if there is one."""
    text = replace(
        before,
        reason=added.reason,
        note=added.note or before.note,
        goals=(*before.goals, *added.goals),
        activities=(*before.activities, *added.activities),
    )
    return identified(plan_id, text)


def changes(added: PlanText) -> tuple[Code, ...]:
    """Codes of what changed."""
    named = (("goals", added.goals), ("activities", added.activities), ("note", added.note))
    return tuple(name for name, value in named if value) or ("reason",)


def difference(before: PlanText, after: PlanText) -> dict[str, object]:
    """By key: what was added, removed or changed; lists element by element."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return {
        key: changed(old.get(key), new.get(key))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    }


def changed(old: object, new: object) -> dict[str, object]:
    if isinstance(old, tuple) and isinstance(new, tuple):
        return {
            "added": [each for each in new if each not in old],
            "removed": [each for each in old if each not in new],
        }
    return {"from": old, "to": new}
