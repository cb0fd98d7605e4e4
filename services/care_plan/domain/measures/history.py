"""What was measured in a referral, and what puts the patient at risk: deciders look at it. Its id is the referral's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from backbone.model import Aggregate, Command, Decision, Given, Head, State, Table
from schemas.care_plan.v1.codes import Instrument, Occasion
from services.care_plan.domain.facts import PlanNoted, ReviewNoted, RiskNoted, ScoreNoted, SitesNoted
from services.care_plan.domain.rules import Rules

RISK_DAYS = timedelta(days=30)
"""High-risk: an alert in the last 30 days (care-plan convention)."""


class Score(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One valid score. `item_sum` where whole items were answered."""

    occasion: Occasion | None = None
    instrument: Instrument
    instrument_version: str
    score: Decimal
    item_sum: int | None = None
    responder: bool | None = None
    taken_at: datetime


class History(State, tag="history", frozen=True, kw_only=True):
    back_pain: bool = False
    scores: tuple[Score, ...] = ()
    started_on: date | None = None
    running: tuple[str, ...] = ()
    """Activities that are neither finished nor stopped."""
    ended: tuple[str, ...] = ()
    reviews: tuple[date, ...] = ()
    alert_at: datetime | None = None
    alert_open: bool = False
    high_dose: bool = False
    warned_by: tuple[str, ...] = ()
    """Causes of what is known of risks: none counts twice."""

    def of(self, instrument: str, version: str | None = None) -> Sequence[Score]:
        """Comparable scores (OUT-10), in order of taking."""
        return [
            each
            for each in self.scores
            if each.instrument == instrument and version in (None, each.instrument_version)
        ]

    def latest(self, instrument: str, version: str | None = None) -> Score | None:
        found = self.of(instrument, version)
        return found[-1] if found else None

    def base(self, instrument: str, version: str | None = None) -> Score | None:
        """The last baseline before plan start."""
        found = [each for each in self.of(instrument, version) if each.occasion == "baseline"]
        return found[-1] if found else None

    def responders(self) -> int:
        return sum(bool(each.responder) for each in self.of("peg"))

    def responder_for(self, reviews: int, weeks: int) -> bool:
        """Responder at so many measurements, so many weeks apart (OUT-06)."""
        taken = [each.taken_at for each in self.of("peg") if each.responder]
        return len(taken) >= reviews and taken[-1] - taken[0] >= timedelta(weeks=weeks)

    def has_final_proms(self, started_on: date | None) -> bool:
        """A measurement at the end, or at least one at a review."""
        return any(each.occasion in ("end", "review") for each in self.scores)

    def is_high_risk(self, at: datetime) -> bool:
        recent = self.alert_at is not None and at - self.alert_at <= RISK_DAYS
        return recent or self.alert_open or self.high_dose

    def has_improved(self, peg_fall: Decimal, responder_counts: bool) -> bool:
        """MOD-01: responder, or an absolute fall of PEG since the baseline."""
        now, base = self.latest("peg"), self.base("peg")
        if now is None or base is None:
            return False
        return base.score - now.score >= peg_fall or (responder_counts and bool(now.responder))


class NoteSites(Command, tag="note_sites", kw_only=True, frozen=True):
    back_pain: bool


class NoteScore(Command, tag="note_score", kw_only=True, frozen=True):
    """The occasion is that of the request."""

    request_id: str
    score: Score


class NotePlan(Command, tag="note_plan", kw_only=True, frozen=True):
    started_on: date | None = None
    activity_id: str | None = None
    running: bool | None = None


class NoteReview(Command, tag="note_review", kw_only=True, frozen=True):
    on: date


class NoteRisk(Command, tag="note_risk", kw_only=True, frozen=True):
    alert_at: datetime | None = None
    alert_open: bool | None = None
    high_dose: bool | None = None


def note_sites(state: History, command: NoteSites, given: Given[Rules]) -> Decision:
    return () if state.back_pain == command.back_pain else [SitesNoted(back_pain=command.back_pain)]


def note_score(state: History, command: NoteScore, given: Given[Rules]) -> Decision:
    request = given.others.get(command.request_id)
    score = msgspec.structs.replace(command.score, occasion=getattr(request, "occasion", None))
    if score in state.scores:
        return ()
    return [
        ScoreNoted(
            occasion=score.occasion or "review",
            instrument=score.instrument,
            instrument_version=score.instrument_version,
            score=score.score,
            item_sum=score.item_sum,
            responder=score.responder,
            taken_at=score.taken_at,
        )
    ]


def note_plan(state: History, command: NotePlan, given: Given[Rules]) -> Decision:
    if command.activity_id is None:
        return () if state.started_on == command.started_on else [PlanNoted(started_on=command.started_on)]
    known = state.running if command.running else state.ended
    if command.activity_id in known or command.activity_id in state.ended:
        return ()
    return [PlanNoted(activity_id=command.activity_id, running=command.running)]


def note_review(state: History, command: NoteReview, given: Given[Rules]) -> Decision:
    return () if command.on in state.reviews else [ReviewNoted(on=command.on)]


def note_risk(state: History, command: NoteRisk, given: Given[Rules]) -> Decision:
    """Noted even where it changes nothing: else an older one, told again, would set a younger one back."""
    if given.cause_id in state.warned_by:
        return ()
    return [RiskNoted(alert_at=command.alert_at, alert_open=command.alert_open, high_dose=command.high_dose)]


def sites_noted(state: History, fact: SitesNoted, head: Head) -> History:
    return msgspec.structs.replace(state, back_pain=fact.back_pain)


def score_noted(state: History, fact: ScoreNoted, head: Head) -> History:
    score = Score(
        occasion=fact.occasion,
        instrument=fact.instrument,
        instrument_version=fact.instrument_version,
        score=fact.score,
        item_sum=fact.item_sum,
        responder=fact.responder,
        taken_at=fact.taken_at,
    )
    ordered = sorted((*state.scores, score), key=lambda each: each.taken_at)
    return msgspec.structs.replace(state, scores=tuple(ordered))


def plan_noted(state: History, fact: PlanNoted, head: Head) -> History:
    if fact.activity_id is None:
        return msgspec.structs.replace(state, started_on=fact.started_on)
    if fact.running:
        return msgspec.structs.replace(state, running=(*state.running, fact.activity_id))
    left = tuple(each for each in state.running if each != fact.activity_id)
    return msgspec.structs.replace(state, running=left, ended=(*state.ended, fact.activity_id))


def review_noted(state: History, fact: ReviewNoted, head: Head) -> History:
    return msgspec.structs.replace(state, reviews=(*state.reviews, fact.on))


def risk_noted(state: History, fact: RiskNoted, head: Head) -> History:
    changes: Mapping[str, object] = {
        name: value
        for name, value in (
            ("alert_at", fact.alert_at),
            ("alert_open", fact.alert_open),
            ("high_dose", fact.high_dose),
        )
        if value is not None
    }
    return msgspec.structs.replace(state, **changes, warned_by=(*state.warned_by, head.causation_id))


def needs(state: History, command: Any) -> Iterable[tuple[str, str]]:
    if isinstance(command, NoteScore):
        yield "measure_request", command.request_id


HISTORY = Aggregate(
    "history",
    History(),
    decide=Table(note_sites, note_score, note_plan, note_review, note_risk),
    needs=needs,
    evolve=Table(sites_noted, score_noted, plan_noted, review_noted, risk_noted),
)
