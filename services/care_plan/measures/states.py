"""The states of a request for measures."""

from datetime import date, datetime

import msgspec

from backbone.model import State
from schemas.care_plan.v1.codes import Finding, Instrument, Occasion


class Asking(State, kw_only=True):
    referral_id: str | None = None
    planned_by: tuple[str, ...] = ()
    """Causes of its plans: none counts twice."""


class NoRequest(Asking, tag="none"):
    """Nothing is wanted."""


class Wanted(Asking, kw_only=True):
    occasion: Occasion
    due_on: date
    set_aside: tuple[str, ...] = ()
    """Submissions that nobody asked for, of which nothing is scored."""


class Planned(Wanted, tag="planned", kw_only=True):
    ask_at: datetime
    patient_id: str | None = None
    appointment_id: str | None = None


class ScoreGiven(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An instrument that was scored, and what was found in it."""

    submission_id: str
    instrument: Instrument
    findings: tuple[Finding, ...] = ()
    in_error: bool = False


class WithAnswers(Wanted, kw_only=True):
    outstanding: tuple[Instrument, ...] = ()
    submission_id: str | None = None
    """The latest."""
    lacking: tuple[tuple[Instrument, datetime], ...] = ()
    """Answers that could not be scored, and since when."""
    findings: tuple[tuple[str, str], ...] = ()
    """(submission, finding) that nobody looked at."""
    scores: tuple[ScoreGiven, ...] = ()
    answered_at: datetime | None = None
    """When the latest answers came."""

    def wanted(self, since: datetime) -> tuple[Instrument, ...]:
        """What is outstanding, but for what could not be scored before then and was not supplied."""
        over = {instrument for instrument, at in self.lacking if at < since}
        return tuple(each for each in self.outstanding if each not in over)


class Requested(WithAnswers, tag="requested", kw_only=True):
    appointment_id: str | None = None
    chased: bool = False
    interview: bool | None = None
    """Staff ask the questions: nobody is called about them."""


class Ended(WithAnswers, tag="ended", kw_only=True):
    """`how`: scored, missed, declined, dropped."""

    how: str

    @property
    def may_be_asked_again(self) -> bool:
        """The visit was cancelled or missed before anything was answered: the next one has its own."""
        return self.how in ("dropped", "missed") and self.submission_id is None

    def is_baseline_before(self, since: datetime) -> bool:
        """An answered baseline from before: it is shown, and nothing is counted from it any more."""
        answered = self.answered_at is not None and self.answered_at < since
        return self.occasion == "baseline" and answered


MeasureRequest = NoRequest | Planned | Requested | Ended
