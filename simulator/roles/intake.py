"""Intake: what triage nurses, coordinator, physicians and psychologist do with a referral until it is decided."""

from collections.abc import Mapping
from datetime import timedelta

from simulator.behaviour import Plan
from simulator.desk import Json
from simulator.roles.people import NURSE, OTHER_NURSE, PHYSICIAN, Handler
from simulator.world import World

TEXT = {"text": "Discussed with the referrer.", "advice": "Please see the enclosed advice."}


class Intake:
    """Handlers by type of item."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._once: set[tuple[str, str]] = set()
        self.handlers: Mapping[str, Handler] = {
            "REF_COMPLETE": self._ask_for_information,
            "REF_INFO_WAIT": self._decide_without_reply,
            "REF_CALL_REFERRER": self._call_referrer,
            "RED_FLAG": self._assess_flag,
            "REF_TRIAGE": self._triage,
        }

    def _expect(self, referral: Json, plan: Plan) -> None:
        if plan.reply in ("in_time", "late"):
            at = self._world.now + timedelta(days=plan.reply_days)
            self._world.later(at, lambda: self._reply(referral["id"], plan))

    async def _reply(self, referral_id: str, plan: Plan) -> None:
        who = plan.submission["referrer"]["organisation_id"]
        seen = await self._world.desk.referral(referral_id, who)
        await self._world.desk.decide(seen, "information", who, answers=dict(plan.withheld))
        self._world.did("replied in time" if plan.reply == "in_time" else "replied after the reminder")

    async def _claim(self, item: Json, who: str, plan: Plan) -> Json | None:
        """Take an item, as clumsily as planned. Who answered a page by taking it has it already."""
        if self._world.logins.get(item.get("claimed_by") or "") == who:
            return item
        claimed = await self._world.desk.act(item, "claim", who)
        if claimed is None:
            return None
        self._world.did("claimed")
        if who == NURSE and self._first("race", plan):
            lost = await self._world.desk.act(item, "claim", OTHER_NURSE)
            self._world.desk.done["claims lost to a colleague"] += lost is None
        if self._first("undone", plan):
            back = await self._world.desk.act(claimed, "undo", who)
            self._world.desk.done["undone"] += back is not None
            claimed = await self._world.desk.act(back or claimed, "claim", who)
        if claimed is not None and self._first("released", plan):
            back = await self._world.desk.act(claimed, "release", who, reason="handed_over")
            self._world.desk.done["released"] += back is not None
            claimed = await self._world.desk.act(back or claimed, "claim", who)
        return claimed

    def _first(self, habit: str, plan: Plan) -> bool:
        """Has the plan this habit, and did nobody show it yet?"""
        key = (plan.source_id, habit)
        if habit not in plan.habits or key in self._once:
            return False
        self._once.add(key)
        return True

    async def _ask_for_information(self, item: Json, who: str) -> bool:
        plan = self._world.stories[item["referral_id"]]
        if await self._claim(item, who, plan) is None:
            return False
        referral = await self._world.desk.referral(item["referral_id"], who)
        await self._world.desk.decide(referral, "information-requests", who)
        self._world.did("asked for information")
        self._expect(referral, plan)
        return True

    async def _decide_without_reply(self, item: Json, who: str) -> bool:
        """After day 21 a clinician goes on without, or closes with a letter (REF-08)."""
        plan = self._world.stories[item["referral_id"]]
        referral = await self._world.desk.referral(item["referral_id"], PHYSICIAN)
        request = referral.get("information_request") or {}
        if plan.reply in ("in_time", "late") or not request.get("overdue"):
            return False
        if plan.reply == "without":
            await self._world.desk.decide(
                referral, "continuations", PHYSICIAN, reason="Enough is known to decide."
            )
            self._world.did("went on without")
        else:
            await self._world.desk.decide(referral, "reject", PHYSICIAN, code="INFO_NOT_RECEIVED", **TEXT)
            self._world.did("rejected: no reply")
        return True

    async def _call_referrer(self, item: Json, who: str) -> bool:
        """The referrer says on the phone that the flag is not present."""
        plan = self._world.stories[item["referral_id"]]
        if await self._claim(item, who, plan) is None:
            return False
        referral = await self._world.desk.referral(item["referral_id"], who)
        for flag in referral["unclear_flags"]:
            url = f"red-flags/{flag['flag_id']}/resolution"
            referral = await self._world.desk.decide(referral, url, who, result="not_present")
        self._world.did("unclear flags settled by phone")
        return True

    async def _assess_flag(self, item: Json, who: str) -> bool:
        plan = self._world.stories[item["referral_id"]]
        if self._first("transferred", plan):
            other = "psychology" if item["queue"] == "medical" else "medical"
            mine = await self._world.desk.act(item, "claim", who) or item
            moved = await self._world.desk.act(mine, "transfer", who, queue=other, reason="other_expertise")
            self._world.desk.done["transferred"] += moved is not None
            return moved is not None
        if await self._claim(item, who, plan) is None:
            return False
        referral = await self._world.desk.referral(item["referral_id"], who)
        url = f"red-flags/{item['subject_id']}/resolution"
        await self._world.desk.decide(referral, url, who, result="assessed_continue")
        self._world.did("red flags assessed")
        return True

    async def _triage(self, item: Json, who: str) -> bool:
        plan = self._world.stories[item["referral_id"]]
        referral = await self._world.desk.referral(item["referral_id"], who)
        undecided = [each for each in referral["suspicions"] if not each.get("decided_by")]
        if undecided or any(flag.get("result") is None for flag in referral["red_flags"]):
            return False
        if await self._claim(item, who, plan) is None:
            return False
        category = referral["suggestion"]["category"]
        triage = {"category": category, "comment": "Read the package; the suggestion fits."}
        if referral["status"] != "received":
            await self._world.desk.decide(referral, "triage", who, **triage)
            self._world.did("triaged again")
            return True
        match plan.ending:
            case "accepted":
                await self._world.desk.decide(referral, "triage", who, **triage, accept=True)
            case "accepted_later":
                triaged = await self._world.desk.decide(referral, "triage", who, **triage)
                await self._world.desk.decide(triaged, "accept", PHYSICIAN)
            case "redirected":
                ending = {"code": "OUT_OF_CATCHMENT", "to_service": "pain_clinic_north", **TEXT}
                await self._world.desk.decide(referral, "redirect", PHYSICIAN, **ending)
            case ending:
                advice = ending == "advice_only"
                code = "ADVICE_ONLY" if advice else "NOT_WILLING_SELF_MGMT"
                disposition = "advice_only" if advice else "rejected"
                await self._world.desk.decide(
                    referral, "reject", PHYSICIAN, code=code, disposition=disposition, **TEXT
                )
        self._world.did(plan.ending.replace("_", " "))
        return True
