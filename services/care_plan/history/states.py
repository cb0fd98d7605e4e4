"""What was measured in a referral: deciders look at it. Its id is the referral's."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise, takewhile

import msgspec

from backbone.model import Given, Refused, State, TooEarly
from config.calendar import BusinessCalendar
from schemas.care_plan.v1.codes import Instrument, Occasion
from services.care_plan.rules import Rules

ATTENDANCE = ("missed", "excused", "attended")
"""How a visit went; what stands later here is known better: a missed one may be found to have been none."""


class Score(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One valid score. `item_sum` where whole items were answered."""

    occasion: Occasion | None = None
    instrument: Instrument
    subscale: str | None = None
    instrument_version: str
    score: Decimal
    item_sum: int | None = None
    responder: bool | None = None
    taken_at: datetime
    request_id: str | None = None
    """The measures that it is of."""
    in_error: bool = False
    """It was entered by mistake: nothing counts from it."""


class History(State, tag="history", kw_only=True):
    patient_id: str | None = None
    """Whose referral it is, from its receipt on."""
    referrer_org_id: str | None = None
    """The practice that sent it: its letters are for them."""
    payer_profile: str | None = None
    """Who pays, as the referral said."""
    back_pain: bool = False
    scores: tuple[Score, ...] = ()
    first_visits: tuple[tuple[str, int], ...] = ()
    """Each date of the first visit, by appointment and version: told again it changes nothing."""
    baseline_since: datetime | None = None
    """Of an older baseline nothing is counted from: it is shown."""
    started_on: date | None = None
    running: tuple[str, ...] = ()
    """Activities that are neither finished nor stopped."""
    ended: tuple[str, ...] = ()
    reviews: tuple[date, ...] = ()
    visits: tuple[tuple[str, str], ...] = ()
    """Of the plan: appointment and how it went, one of `ATTENDANCE`."""

    def of(self, instrument: str, version: str | None = None, subscale: str | None = None) -> Sequence[Score]:
        """Comparable scores (OUT-10), in order of taking."""
        return [
            each
            for each in self.scores
            if (each.instrument, each.subscale) == (instrument, subscale)
            and not each.in_error
            and version in (None, each.instrument_version)
        ]

    def latest(
        self, instrument: str, version: str | None = None, subscale: str | None = None
    ) -> Score | None:
        found = self.of(instrument, version, subscale)
        return found[-1] if found else None

    def base(self, instrument: str, version: str | None = None, subscale: str | None = None) -> Score | None:
        """The last baseline before plan start that is not too old for the first visit."""
        since = self.baseline_since
        found = [
            each
            for each in self.of(instrument, version, subscale)
            if each.occasion == "baseline" and (since is None or each.taken_at >= since)
        ]
        return found[-1] if found else None

    def looked_at(self) -> tuple[str, ...] | None:
        """By id, the measures that a change of PEG is seen in."""
        found = (self.base("peg"), self.latest("peg"))
        return tuple(dict.fromkeys(each.request_id for each in found if each and each.request_id)) or None

    def responds(self) -> bool:
        """By the last PEG: what was better once and is not any more counts no longer."""
        now = self.latest("peg")
        return now is not None and bool(now.responder)

    def plateau(self, below: Decimal, weeks: int) -> tuple[Score, Score] | None:
        """The last PEG and the one so many weeks before it, if they differ by less than this (OUT-07)."""
        now = self.latest("peg")
        if now is None:
            return None
        until = now.taken_at - timedelta(weeks=weeks)
        earlier = [each for each in self.of("peg", now.instrument_version) if each.taken_at <= until]
        if not earlier or abs(now.score - earlier[-1].score) >= below:
            return None
        return earlier[-1], now

    def responder_for(self, reviews: int, weeks: int) -> bool:
        """Responder at so many measurements one after the other, up to the last one, so many weeks apart (OUT-06)."""
        run = list(takewhile(lambda each: each.responder, reversed(self.of("peg"))))
        return len(run) >= reviews and run[0].taken_at - run[-1].taken_at >= timedelta(weeks=weeks)

    def lacks_effect(self, on: date, reviews: int, calendar: BusinessCalendar) -> bool:
        """No responder at so many reviews one after the other, the last one on that day; each was measured (OUT-05)."""
        days = sorted({*self.reviews, on})
        measured = [(calendar.day(each.taken_at), each.responder) for each in self.of("peg")]
        found = [
            next((responder for day, responder in reversed(measured) if before < day <= review), None)
            for before, review in pairwise((self.started_on or date.min, *days))
        ]
        return len(found) >= reviews and all(responder is False for responder in found[-reviews:])

    def comes(self, percent: int) -> bool:
        """To so many of the visits that were the patient's to keep."""
        how = [each for _, each in self.visits]
        came, kept_away = how.count("attended"), how.count("missed")
        return came > 0 and 100 * came >= percent * (came + kept_away)

    def has_final_measures(self) -> bool:
        """A measurement at the end, or at least one at a review."""
        return any(each.occasion in ("end", "review") and not each.in_error for each in self.scores)

    def has_improved(self, peg_fall: Decimal, responder_counts: bool) -> bool:
        """MOD-01: responder, or an absolute fall of PEG since the baseline."""
        now, base = self.latest("peg"), self.base("peg")
        if now is None or base is None:
            return False
        return base.score - now.score >= peg_fall or (responder_counts and bool(now.responder))


def history_of(referral_id: str | None, given: Given[Rules]) -> History:
    """The history that the decider asked for; an empty one where there is no referral."""
    found = given.others.get(("history", referral_id or ""))
    return found if isinstance(found, History) else History()


def not_their_referral(referral_id: str | None, given: Given[Rules]) -> Refused | TooEarly | None:
    """What is begun under a referral is begun for the patient of the referral."""
    if referral_id is None:
        return None
    history = history_of(referral_id, given)
    if history.patient_id is None:
        reason, until = "this referral is not known here, or not yet", ("history", referral_id)
        return TooEarly(reason, code="unknown-referral", until=until)
    if history.patient_id != given.lane_key:
        return Refused("this referral is another patient's", code="another-patient")
    return None
