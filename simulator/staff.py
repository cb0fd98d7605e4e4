"""Triage nurses, coordinator, physicians and psychologist at their queues: what each does with each kind of item."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from simulator.behaviour import Plan
from simulator.desk import Desk, Json

CLINIC = ZoneInfo("America/New_York")
OPENS, CLOSES = 8, 17
"""Clinic hours, Monday to Friday, local time."""
AT_ONCE = 6
"""Items that one queue's staff finish in a tick of 15 minutes."""
COORDINATOR, NURSE, OTHER_NURSE = "cora.lind", "nora.quinn", "tomas.reyes"
PHYSICIAN, PSYCHOLOGIST = "paul.okafor", "priya.nair"
AT_WORK: Mapping[str, str] = {
    "coordination": COORDINATOR,
    "nursing": NURSE,
    "medical": PHYSICIAN,
    "psychology": PSYCHOLOGIST,
}
TEXT = {"text": "Discussed with the referrer.", "advice": "Please see the enclosed advice."}
Handler = Callable[[Json, str], Awaitable[bool]]


class Staff:
    """Works items of the queues. `plans` tells the story of each referral; replies are announced to `expect_reply`."""

    def __init__(
        self, desk: Desk, plans: Mapping[str, Plan], expect_reply: Callable[[Json, Plan], None]
    ) -> None:
        self._desk = desk
        self._plans = plans
        self._expect_reply = expect_reply
        self.waits_for_replies = 0
        self._once: set[tuple[str, str]] = set()
        self._handlers: Mapping[str, Handler] = {
            "REF_COMPLETE": self._ask_for_information,
            "REF_INFO_WAIT": self._decide_without_reply,
            "REF_CALL_REFERRER": self._call_referrer,
            "RED_FLAG": self._assess_flag,
            "REF_TRIAGE": self._triage,
        }

    def is_open(self, now: datetime) -> bool:
        local = now.astimezone(CLINIC)
        return local.weekday() < 5 and OPENS <= local.hour < CLOSES

    def opens(self, at: datetime) -> datetime:
        """`at`, or when the clinic opens next."""
        while not self.is_open(at):
            at += timedelta(minutes=15)
        return at

    async def work(self, now: datetime) -> bool:
        """One tick. May there be anything left that staff can do later, or anything new that they brought about?"""
        left = False
        self.waits_for_replies = 0
        for queue, who in AT_WORK.items():
            waiting = [
                item for item in await self._desk.queue(queue, who) if item["item_type"] in self._handlers
            ]
            mine = [item for item in waiting if self.is_open(now) or item["item_type"] == "RED_FLAG"]
            finished = 0
            for item in mine[:AT_ONCE]:
                finished += await self._handlers[item["item_type"]](item, who)
            waits = sum(item["item_type"] == "REF_INFO_WAIT" for item in waiting)
            self.waits_for_replies += waits
            left = left or finished > 0 or len(waiting) - finished > waits
        return left

    async def _claim(self, item: Json, who: str, plan: Plan) -> Json | None:
        """Take an item, as clumsily as planned."""
        claimed = await self._desk.act(item, "claim", who)
        if claimed is None:
            return None
        self._desk.done["claimed"] += 1
        if who == NURSE and self._first("race", plan):
            lost = await self._desk.act(item, "claim", OTHER_NURSE)
            self._desk.done["claims lost to a colleague"] += lost is None
        if self._first("undone", plan):
            back = await self._desk.act(claimed, "undo", who)
            self._desk.done["undone"] += back is not None
            claimed = await self._desk.act(back or claimed, "claim", who)
        if claimed is not None and self._first("released", plan):
            back = await self._desk.act(claimed, "release", who, reason="handed_over")
            self._desk.done["released"] += back is not None
            claimed = await self._desk.act(back or claimed, "claim", who)
        return claimed

    def _first(self, habit: str, plan: Plan) -> bool:
        """Has the plan this habit, and did nobody show it yet?"""
        key = (plan.source_id, habit)
        if habit not in plan.habits or key in self._once:
            return False
        self._once.add(key)
        return True

    async def _ask_for_information(self, item: Json, who: str) -> bool:
        plan = self._plans[item["referral_id"]]
        if await self._claim(item, who, plan) is None:
            return False
        referral = await self._desk.referral(item["referral_id"], who)
        await self._desk.decide(referral, "information-requests", who)
        self._desk.done["asked for information"] += 1
        self._expect_reply(referral, plan)
        return True

    async def _decide_without_reply(self, item: Json, who: str) -> bool:
        """After day 21 a clinician goes on without, or closes with a letter (REF-08)."""
        plan = self._plans[item["referral_id"]]
        referral = await self._desk.referral(item["referral_id"], PHYSICIAN)
        request = referral.get("information_request") or {}
        if plan.reply in ("in_time", "late") or not request.get("overdue"):
            return False
        if plan.reply == "without":
            await self._desk.decide(referral, "continuations", PHYSICIAN, reason="Enough is known to decide.")
            self._desk.done["went on without"] += 1
        else:
            await self._desk.decide(referral, "reject", PHYSICIAN, code="INFO_NOT_RECEIVED", **TEXT)
            self._desk.done["rejected: no reply"] += 1
        return True

    async def _call_referrer(self, item: Json, who: str) -> bool:
        """The referrer says on the phone that the flag is not present."""
        plan = self._plans[item["referral_id"]]
        if await self._claim(item, who, plan) is None:
            return False
        referral = await self._desk.referral(item["referral_id"], who)
        for flag in referral["unclear_flags"]:
            url = f"red-flags/{flag['flag_id']}/resolution"
            referral = await self._desk.decide(referral, url, who, result="not_present")
        self._desk.done["unclear flags settled by phone"] += 1
        return True

    async def _assess_flag(self, item: Json, who: str) -> bool:
        plan = self._plans[item["referral_id"]]
        if item["queue"] == "medical" and self._first("transferred", plan):
            moved = await self._desk.act(item, "transfer", who, queue="psychology", reason="other_expertise")
            self._desk.done["transferred"] += moved is not None
            return False
        if await self._claim(item, who, plan) is None:
            return False
        referral = await self._desk.referral(item["referral_id"], who)
        url = f"red-flags/{item['subject_id']}/resolution"
        await self._desk.decide(referral, url, who, result="assessed_continue")
        self._desk.done["red flags assessed"] += 1
        return True

    async def _triage(self, item: Json, who: str) -> bool:
        plan = self._plans[item["referral_id"]]
        referral = await self._desk.referral(item["referral_id"], who)
        if any(flag.get("result") is None for flag in referral["red_flags"]):
            return False
        if await self._claim(item, who, plan) is None:
            return False
        category = referral["suggestion"]["category"]
        triage = {"category": category, "comment": "Read the package; the suggestion fits."}
        match plan.ending:
            case "accepted":
                await self._desk.decide(referral, "triage", who, **triage, accept=True)
            case "accepted_later":
                triaged = await self._desk.decide(referral, "triage", who, **triage)
                await self._desk.decide(triaged, "accept", PHYSICIAN)
            case "redirected":
                ending = {"code": "OUT_OF_CATCHMENT", "to_service": "pain_clinic_north", **TEXT}
                await self._desk.decide(referral, "redirect", PHYSICIAN, **ending)
            case ending:
                advice = ending == "advice_only"
                code = "ADVICE_ONLY" if advice else "NOT_WILLING_SELF_MGMT"
                disposition = "advice_only" if advice else "rejected"
                await self._desk.decide(
                    referral, "reject", PHYSICIAN, code=code, disposition=disposition, **TEXT
                )
        self._desk.done[plan.ending.replace("_", " ")] += 1
        return True
