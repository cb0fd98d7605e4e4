"""The versioned thresholds of this service: the shapes of `care_plan.toml` and `measures.toml`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from config.antithrombotics import Antithrombotics
from config.calendar import ClockTime
from config.clinical_drugs import ClinicalDrugs
from config.diagnoses import Diagnosing
from config.doses import Doses
from config.drugs import Drugs
from config.files import ClinicFiles
from config.instruments import Scoring
from config.letters import LetterTemplates, OutcomeLetters
from config.loading import load
from config.opioids import Opioids
from config.procedures import Procedures
from config.rules import Days, Rule, RuleSet, Values
from schemas.care_plan.v1.codes import ActivityKind, AlertCode, Instrument, WarningSign
from schemas.codes import Discipline, Queue, Severity
from schemas.fact import Word


class Checklist(Values):
    items: tuple[Word, ...] = Field(min_length=1)


class Reviews(Values):
    """MDT-01. `weeks` is the longest time between two reviews."""

    first_after_days: int = Field(ge=1)
    lead_days: int = Field(ge=0)
    weeks: int = Field(ge=1)
    high_risk_weeks: int = Field(ge=1)

    def first_after(self, high_risk: bool) -> int:
        """Days from the beginning to the first review."""
        return self.high_risk_weeks * 7 if high_risk else self.first_after_days

    def interval(self, high_risk: bool) -> timedelta:
        """The longest time between two reviews."""
        return timedelta(weeks=self.high_risk_weeks if high_risk else self.weeks)


class HighRisk(Values):
    """Whom MDT-01 looks at more often: an alert in the last `alert_days`, one that is open, a high dose, or a
    taper."""

    alert_days: int = Field(ge=0)


class Welfare(HighRisk):
    """ATT-08. Who calls whoever was expected and is at risk, and how soon."""

    queue: Queue
    severity: Severity


class WarningSigns(Values):
    """Signs of a complication, told of on the telephone. Those of `suicidal` are an alert of OUT-01."""

    suicidal: tuple[WarningSign, ...]
    queue: Queue
    severity: Severity

    def alert(self, sign: WarningSign) -> AlertCode:
        """The kind of alert that a sign stands for: what nobody listed counts as a complication."""
        return "suicide_risk" if sign in self.suicidal else "post_procedure_warning"


class ExpectedEffect(Values):
    """MOD-01. By discipline, the session by which an effect is expected."""

    sessions: Mapping[Discipline, int]
    peg_fall: Decimal
    responder_counts: bool


class Investigating(Values):
    """By when an investigation is to be done, where nobody says another day; and how late that may be."""

    days: int = Field(ge=1)
    most_days: int = Field(ge=1)


class Switch(Values):
    on: bool


class Count(Values):
    count: int = Field(ge=1)


class Allowed(Values):
    allowed: bool


class Quorum(Values):
    roles: tuple[Word, ...]


class RestWindow(Values):
    """MDT-03: for so many days no such work after a procedure; when two sedatives beside no opioid are looked at."""

    days: int = Field(ge=1)
    sedatives_business_days: int = Field(ge=1)
    kinds: tuple[ActivityKind, ...] = Field(min_length=1)


class MonthlyContact(Switch):
    """Whoever has an active plan is called once a month: due from this day of the month on."""

    day_of_month: int = Field(ge=1, le=28)


class Discharging(Values):
    """DIS-01"""

    items: tuple[Word, ...]
    measures_days: int = Field(ge=1)
    followup_months: tuple[int, ...]


class Pifu(Values):
    months: int = Field(ge=1)
    auto_discharge: Literal[False]


class Attainment(Values):
    correlation: Decimal = Field(ge=0, lt=1)


class SteppingDown(Values):
    """OUT-06"""

    reviews: int
    weeks_apart: int
    t_score: int


class Ready(Values):
    """OUT-07. A plateau: PEG differs by less than `plateau_below` from what it was `plateau_weeks` ago."""

    t_score: int
    plateau_below: Decimal = Field(gt=0)
    plateau_weeks: int = Field(ge=1)


class CarePlanSettings(Values):
    """`care_plan.toml`"""

    rule_set: RuleSet
    plan_draft: Rule[Days]
    letters: Rule[OutcomeLetters]
    diagnosis: Rule[Diagnosing]
    checklist: Rule[Checklist]
    reviews: Rule[Reviews]
    high_risk: Rule[HighRisk]
    welfare: Rule[Welfare]
    warning_signs: Rule[WarningSigns]
    mdt_interval: Rule[Values]
    mdt_decision: Rule[Values]
    doses: Doses
    expected_effect: Rule[ExpectedEffect]
    sessions_used: Rule[Switch]
    missed_sessions: Rule[Count]
    holding: Rule[Allowed]
    quorum: Rule[Quorum]
    rest_window: Rule[RestWindow]
    investigation: Rule[Investigating]
    monthly_contact: Rule[MonthlyContact]
    discharge: Rule[Discharging]
    pifu: Rule[Pifu]
    gas: Rule[Attainment]
    step_down: Rule[SteppingDown]
    discharge_ready: Rule[Ready]


class Battery(Values):
    """What is asked, when, and how long an answer counts. Days are calendar days."""

    full: tuple[Instrument, ...]
    short: tuple[Instrument, ...]
    high_risk: tuple[Instrument, ...]
    """Instead of `short`, at a review of somebody at high risk."""
    waiting: tuple[Instrument, ...]
    """REF-10"""
    back_pain_only: tuple[Instrument, ...]
    back_pain_sites: tuple[str, ...]
    back_pain_conditions: tuple[str, ...]
    full_every_days: int
    request_days_before: int
    ask_at: ClockTime
    followup_due_days: int
    baseline_days: int = Field(ge=1)
    baseline_max_age_days: int = Field(ge=1)
    waiting_due_days: int
    supply_days: int = Field(ge=1)


class SuicideRisk(Values):
    """OUT-01. `item` counts from 1; `queue` and `severity` are those of the alert."""

    item: int
    at_least: int
    queue: Queue
    severity: Severity

    def is_answered(self, answers: Sequence[int | Decimal | None]) -> bool:
        """As soon as the item is there, whatever else is missing. More than no is yes, though no score takes a half."""
        answer = answers[self.item - 1] if len(answers) >= self.item else None
        return answer is not None and answer > self.at_least - 1


class Depression(Values):
    """OUT-02"""

    severe: int
    rise: int
    moderate: int


class Percent(Values):
    percent: int


class Worsening(Percent):
    """OUT-04"""

    points: Decimal


class SteppingUp(Values):
    """OUT-05"""

    reviews: int = Field(ge=1)
    attendance_percent: int = Field(ge=0, le=100)
    short_notice_hours: int = Field(ge=1)


class Psychology(Values):
    """OUT-08"""

    pcs_at_least: int
    pseq_below: int


class Measures(Values):
    """`measures.toml`"""

    rule_set: RuleSet
    battery: Rule[Battery]
    suicide_risk: Rule[SuicideRisk]
    depression: Rule[Depression]
    responder: Rule[Percent]
    worsening: Rule[Worsening]
    step_up: Rule[SteppingUp]
    psychology: Rule[Psychology]
    instruments: Mapping[Instrument, Rule[Scoring]]


class Rules(ClinicFiles):
    """What deciders, timers and reactions of this service are given."""

    care_plan: CarePlanSettings
    measures: Measures
    opioid: Opioids
    procedures: Procedures
    letters: LetterTemplates
    drugs: Drugs
    clinical_drugs: ClinicalDrugs
    antithrombotic: Antithrombotics

    @model_validator(mode="after")
    def every_opioid_has_a_factor(self) -> Self:
        drugs = self.drugs.table.values.drugs
        opioids = {name for name, drug in drugs.items() if "opioid" in drug.classes}
        for name, rule in self.opioid.factor_sets.items():
            if lacking := sorted(opioids ^ {*rule.values.opioids, *rule.values.not_counted}):
                raise ValueError(f"opioid.toml: {name}: not the opioids of drugs.toml: {', '.join(lacking)}")
        return self

    @model_validator(mode="after")
    def every_hold_is_of_a_known_drug(self) -> Self:
        drugs, rows = self.drugs.table.values.drugs, self.antithrombotic.table.values.by_drug
        if strange := sorted(set(rows) - set(drugs)):
            raise ValueError(f"antithrombotic.toml: table: drugs.toml has no {', '.join(strange)}")
        return self


def load_rules(folder: Path) -> Rules:
    """Raises ConfigurationError with every error named."""
    return load(folder, Rules)
