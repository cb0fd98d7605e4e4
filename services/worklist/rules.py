"""The settings of the queues, as `config/worklist.toml` states them, and the calendar. No decisions."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import Field, PrivateAttr, model_validator

from config.calendar import ClockTime
from config.escalation import Escalations, on_ladder
from config.files import ClinicFiles
from config.loading import load, unverified_anywhere
from config.rules import Rule, RuleSet, Values
from config.staff import Role
from schemas.codes import ItemType, Queue, RedFlag


class Idle(Values):
    minutes: int = Field(ge=1)
    safety_minutes: int = Field(ge=1)


class Minutes(Values):
    minutes: int = Field(ge=0)


class Watch(Values):
    """How long an episode may be without a next step."""

    grace_seconds: int = Field(ge=0)


class WaitSettings(Values):
    """A report's window, where none is asked for, and the longest; fewer than `small_sample` say nothing."""

    window_days: int = Field(ge=1)
    longest_window_days: int = Field(ge=1)
    small_sample: int = Field(ge=1)


class Soon(Values):
    """How near the date is for which nobody was reached, that it is urgent."""

    days: int = Field(ge=0)


class TriageQueue(Values):
    queue: Queue


class Days(Values):
    """Business days, calendar days or hours as they pass: one of them."""

    business_days: int | None = Field(default=None, ge=0)
    days: int | None = Field(default=None, ge=0)
    hours: int | None = Field(default=None, ge=1, le=8760)

    @model_validator(mode="after")
    def is_one_of_them(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("give one of business_days, days and hours")
        return self


class ItemDue(Values):
    """By when the work is due, counted from the fact that opened it."""

    ref_complete: Days
    ref_info_after_reminder: Days
    ref_call_referrer: Days
    ref_triage_soon: Days
    ref_triage: Days
    wait_recheck: Days
    wait_forecast: Days
    wait_breach: Days
    ref_duplicate_check: Days
    cancel_confirm: Days
    ref_amended: Days
    book_visit: Days
    auth_obtain: Days
    consent_obtain: Days
    next_step_missing: Days
    dna_followup: Days
    att_review: Days
    joint_day_broken: Days
    session_early: Days
    group_short: Days
    visits_overlap: Days
    absence_check: Days
    plan_overdue: Days
    investigation_wait: Days
    act_accept: Days
    act_info: Days
    act_declined: Days
    act_review: Days
    act_dna: Days
    mdt_list: Days
    score_review: Days
    score_worse: Days
    score_error: Days
    psy_suggest: Days
    substance_check: Days
    conflict: Days
    monthly_contact: Days
    discharge_check: Days
    plan_handover: Days
    investigation_late: Days
    investigation_read: Days
    ant_plan: Days
    ant_plan_before_stop: Days
    pifu_expiry: Days
    override: Days
    post_proc_call_1: Days
    post_proc_call_2: Days
    proc_outcome: Days
    no_channel: Days
    contact_failed: Days
    reply_read: Days
    patient_parked: Days
    fact_stuck: Days
    break_glass_review: Days
    letter_recalled: Days
    death_check: Days
    lives_after_all: Days
    roster_incomplete: Days


class BeforeProcedure(Values):
    """Hours before a procedure begins: everything is shown by then, or its date is let go."""

    checklist_hours: int = Field(ge=1, le=336)
    release_hours: int = Field(ge=1, le=336)


class SafetyDue(Values):
    """An urgent flag is due at the end of the next business day."""

    emergency_hours: int = Field(ge=1)
    same_day_until: ClockTime
    same_day_late_hours: int = Field(ge=1)


class SafetyTimes(Values):
    due: SafetyDue


class Overdue(Values):
    """Escalated when it is overdue, and again after so much more of its time; these types never are."""

    again_after_percent: int = Field(ge=1, le=1000)
    never: frozenset[ItemType]


class Ordering(Values):
    policy: Literal["clinical_v1"]


class QueueSettings(Values):
    """Who works it and who leads it, by role; the item types that may be transferred to it."""

    roles: frozenset[Role]
    leads: frozenset[Role] = frozenset()
    accepts: frozenset[ItemType] = frozenset()


class Settings(Values):
    """`worklist.toml`."""

    rule_set: RuleSet
    claim_idle: Rule[Idle]
    undo_window: Rule[Minutes]
    watch: Rule[Watch]
    triage_queue: Rule[TriageQueue]
    item_due: Rule[ItemDue]
    contact_soon: Rule[Soon]
    before_procedure: Rule[BeforeProcedure]
    safety_times: Rule[SafetyTimes]
    overdue: Rule[Overdue]
    ordering: Rule[Ordering]
    waits: Rule[WaitSettings]
    queues: Rule[Mapping[Queue, QueueSettings]]

    @model_validator(mode="after")
    def no_queue_is_left_out(self) -> Self:
        missing = sorted(set(get_args(Queue)) - set(self.queues.values))
        if missing:
            raise ValueError(f"queues.values: nobody works {', '.join(missing)}")
        return self


class Rules(ClinicFiles):
    """What the deciders and reactions of the worklist are given."""

    worklist: Settings
    escalation: Escalations

    _unverified_anywhere: Mapping[str, tuple[str, ...]] = PrivateAttr({})

    @property
    def unverified_anywhere(self) -> Mapping[str, tuple[str, ...]]:
        """What nobody has verified of the rules of every service: their facts open work here."""
        return self._unverified_anywhere

    def knowing(self, unverified: Mapping[str, tuple[str, ...]]) -> Self:
        """On whatever day."""
        for _, files in self._periods:
            files._unverified_anywhere = unverified
        return self

    @property
    def queues(self) -> Mapping[Queue, QueueSettings]:
        """Who works and leads each, and what it takes."""
        return self.worklist.queues.values

    @cached_property
    def claim_idle(self) -> timedelta:
        return timedelta(minutes=self.worklist.claim_idle.values.minutes)

    @cached_property
    def claim_idle_safety(self) -> timedelta:
        return timedelta(minutes=self.worklist.claim_idle.values.safety_minutes)

    @cached_property
    def undo_window(self) -> timedelta:
        return timedelta(minutes=self.worklist.undo_window.values.minutes)

    @cached_property
    def triage_queue(self) -> Queue:
        return self.worklist.triage_queue.values.queue

    @property
    def ordering(self) -> str:
        """The policy by which queues are sorted."""
        return self.worklist.ordering.values.policy

    def is_soon(self, category: str | None) -> bool:
        """Does this category make triage and booking urgent? One that the scheme doesn't know does."""
        known = self.scheme.values.by_code.get(category or "")
        return known is None or known.priority != "routine"

    @property
    def category_rank(self) -> Mapping[str, int]:
        """0 is the most urgent."""
        return self.scheme.values.ranks

    def called_for(self, queue: Queue) -> frozenset[str]:
        """Everybody whom a ladder of the queue may call, at whatever hour."""
        return on_ladder(self.escalation.ladders.values.all, queue, self.staff)

    def queue_of_flag(self, flag: RedFlag) -> Queue:
        """Who looks at a red flag."""
        return self.red_flags.red_flags.values.flags[flag].queue


def load_rules(folder: Path) -> Rules:
    """Raises ConfigurationError with every error named."""
    return load(folder, Rules).knowing(unverified_anywhere(folder))
