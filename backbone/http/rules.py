"""The rules that a service decides by, for all staff: what each says, where it comes from, who stands for it, which
deciders read it, and the last fact that it helped to decide (PRV-25, PRV-33)."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, Field

from backbone.http.access import Running, Staff
from backbone.http.routes import get
from backbone.model.readers import readers_of
from backbone.model.service import Route
from backbone.store.rows import RuleUse
from config.approval import Edition
from config.governed import GovernedFiles
from config.rules import Evidence, Placed, Verified, unverified_in


class RuleSetDocument(BaseModel):
    """A file of rules as this process runs with it. Nobody stands for one with an objection."""

    file: str
    version: int
    checksum: str
    approved_by: str | None = None
    approved_on: date | None = None
    objection: str | None = None


class Use(BaseModel):
    """The last fact that names the rule."""

    type: str
    at: datetime


class RuleDocument(BaseModel):
    rule: str = Field(description="Id and version, as facts carry them")
    id: str
    version: int
    file: str
    place: str = Field(description="The table of the file")
    applies: bool = Field(description="On this day; other versions and schemes are listed too")
    jurisdiction: str
    evidence: list[Evidence]
    verified: Verified
    unverified: list[str] = Field(description="Rows that nobody has verified; `*` is the whole rule")
    source_url: list[str]
    effective_from: date
    override_role: str | None
    values: Any
    read_by: list[str] = Field(description="The functions of this service that read it")
    last_used: Use | None


class RulesDocument(BaseModel):
    service: str
    day: date = Field(description="Local")
    rule_sets: list[RuleSetDocument]
    rules: list[RuleDocument]


async def governed(running: Running) -> GovernedFiles:
    found: GovernedFiles = running.rules
    return found


async def list_rules(
    caller: Staff, running: Running, files: Annotated[GovernedFiles, Depends(governed)]
) -> RulesDocument:
    """Every rule in every version that is stated, with the approval of its file."""
    used = last_uses(await running.rules_used())
    read_by = await asyncio.to_thread(readers_of, running.service, files)
    applying = {rule.named for rule in files.applying()}
    day = files.calendar.day(running.clock.now())
    return RulesDocument(
        service=running.service.name,
        day=day,
        rule_sets=[rule_set(each.on(day)) for each in files.editions],
        rules=[
            document(
                each, each.rule.named in applying, read_by[each.file, each.place], used.get(each.rule.named)
            )
            for each in files.all_versions
        ],
    )


def last_uses(found: list[RuleUse]) -> dict[str, Use]:
    """By rule: facts name several together."""
    latest: dict[str, Use] = {}
    for use in sorted(found, key=lambda each: each.at):
        latest.update(dict.fromkeys(use.rules.split(","), Use(type=use.type, at=use.at)))
    return latest


def rule_set(edition: Edition) -> RuleSetDocument:
    known = edition._asdict()
    approval = known.pop("approval")
    return RuleSetDocument(**known, **(approval.model_dump(exclude={"checksums"}) if approval else {}))


def document(placed: Placed, applies: bool, read_by: list[str], last_used: Use | None) -> RuleDocument:
    rule = placed.rule
    return RuleDocument(
        rule=rule.named,
        id=rule.id,
        version=rule.version,
        file=placed.file,
        place=placed.place,
        applies=applies,
        jurisdiction=rule.jurisdiction,
        evidence=list(rule.evidence),
        verified=rule.verified,
        unverified=list(unverified_in(rule)),
        source_url=list(rule.source_url),
        effective_from=rule.effective_from,
        override_role=rule.override_role,
        values=rule.model_dump(mode="json", by_alias=True)["values"],
        read_by=read_by,
        last_used=last_used,
    )


ROUTES: tuple[Route, ...] = (get("/rules", list_rules, RulesDocument),)
"""For staff: whoever works by a rule may know it."""
