"""What was measured in a referral: deciders look at it. Its id is the referral's."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile

import msgspec

from backbone.model import Given, Refused, State, TooEarly
from config.calendar import BusinessCalendar
from schemas.care_plan.v1.codes import Instrument, Occasion
from services.care_plan.rules import Rules, SteppingDown

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
    baseline_until: datetime | None = None
    """The end of the day on which the plan began: what is measured later is no baseline of it."""
    full_on: date | None = None
    """For when the full battery was asked for last."""
    running: tuple[str, ...] = ()
    """Activities that are neither finished nor stopped."""
    ended: tuple[str, ...] = ()
    reviews: tuple[date, ...] = ()
    visits: tuple[tuple[str, str], ...] = ()
    """Of the plan: appointment and how it went, one of `ATTENDANCE`."""
    missed: tuple[tuple[str, str | None], ...] = ()
    """Sessions that were missed, by appointment and discipline; None: it was taken back."""
    is_over: bool = False
    """The referral ended: what is told late is kept, and nothing is begun under it any more."""

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
        since, until = self.baseline_since, self.baseline_until
        found = [
            each
            for each in self.of(instrument, version, subscale)
            if each.occasion == "baseline"
            and (since is None or each.taken_at >= since)
            and (until is None or each.taken_at < until)
        ]
        return found[-1] if found else None

    def compared(self) -> tuple[Score | None, Score | None]:
        """The base and the last PEG, by the same version (OUT-10)."""
        now = self.latest("peg")
        return self.base("peg", now.instrument_version) if now else None, now

    def looked_at(self) -> tuple[str, ...] | None:
        """By id, the measures that a change of PEG is seen in."""
        found = self.compared()
        return tuple(dict.fromkeys(each.request_id for each in found if each and each.request_id)) or None

    def responds(self) -> bool:
        """By the last PEG: what was better once and is not any more counts no longer."""
        now = self.latest("peg")
        return now is not None and bool(now.responder)

    def plateau(self, below: Decimal, weeks: int, calendar: BusinessCalendar) -> tuple[Score, Score] | None:
        """The last PEG and the one so many weeks before it, if they differ by less than this (OUT-07)."""
        now = self.latest("peg")
        if now is None:
            return None
        days = (
            (each, calendar.days_between(each.taken_at, now.taken_at))
            for each in self.of("peg", now.instrument_version)
        )
        earlier = [each for each, before in days if before >= timedelta(weeks=weeks).days]
        if not earlier or abs(now.score - earlier[-1].score) >= below:
            return None
        return earlier[-1], now

    def responder_for(self, on: date, rule: SteppingDown, calendar: BusinessCalendar) -> bool:
        """At so many reviews, the last one on that day, so many weeks apart; and at every PEG since (OUT-06)."""
        run = list(takewhile(lambda each: each.responder, reversed(self.of("peg"))))
        days = sorted({day for each in run if (day := self.review_of(calendar.day(each.taken_at), on))})
        return len(days) >= rule.reviews and days[-1] - days[0] >= timedelta(weeks=rule.weeks_apart)

    def review_of(self, day: date, on: date) -> date | None:
        """The review that what was measured on a day was there for; one is on `on`."""
        if self.started_on and day <= self.started_on:
            return None
        return next((review for review in sorted({*self.reviews, on}) if day <= review), None)

    def lacks_effect(self, on: date, reviews: int, calendar: BusinessCalendar) -> bool:
        """No responder at so many reviews one after the other, the last one on that day; each was measured (OUT-05)."""
        measured = {
            self.review_of(calendar.day(each.taken_at), on): each.responder for each in self.of("peg")
        }
        last = sorted({*self.reviews, on})[-reviews:]
        return len(last) >= reviews and all(measured.get(day) is False for day in last)

    def comes(self, percent: int) -> bool:
        """To so many of the visits that were the patient's to keep."""
        how = [each for _, each in self.visits]
        came, kept_away = how.count("attended"), how.count("missed")
        return came > 0 and 100 * came >= percent * (came + kept_away)

    def has_final_measures(self, since: datetime) -> bool:
        """At the end or at a review, and since then."""
        return any(
            each.occasion in ("end", "review") and not each.in_error and each.taken_at >= since
            for each in self.scores
        )

    def has_improved(self, peg_fall: Decimal, responder_counts: bool) -> bool:
        """MOD-01: responder, or an absolute fall of PEG since the baseline."""
        base, now = self.compared()
        if now is None or base is None:
            return False
        return base.score - now.score >= peg_fall or (responder_counts and bool(now.responder))

    def missed_in(self, discipline: str) -> set[str]:
        """Appointments for sessions of a discipline that were missed (MOD-03)."""
        return {appointment for appointment, of in self.missed if of == discipline}


def history_of(referral_id: str | None, given: Given[Rules]) -> History:
    """The history that the decider asked for; an empty one where there is no referral."""
    found = given.others.get(("history", referral_id or ""))
    return found if isinstance(found, History) else History()


def is_over(referral_id: str | None, given: Given[Rules]) -> bool:
    """Of a referral that the decider asked for."""
    return history_of(referral_id, given).is_over


def not_to_begin(referral_id: str, given: Given[Rules]) -> Refused | TooEarly | None:
    """Care is planned for the patient of a referral, while it goes on."""
    wrong = not_their_referral(referral_id, given)
    if wrong or not is_over(referral_id, given):
        return wrong
    said = "this referral is over: care goes on under another one"
    return Refused(said, code="referral-over")


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
