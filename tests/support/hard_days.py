"""The whole clinic on a hard day: what its people do and see, by the names of the patients that they speak of."""

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from schemas.topics import QUEUES, REFERRAL_INTAKE, queue_topic
from tests.support.memory_clinic import MemoryClinic
from tests.support.services import ALL
from tests.support.submissions import PRACTICE, SPINE_CENTRE, a_patient, a_submission
from tests.support.told import Told, at_clinic, local
from tests.support.ward import EXERCISE, GOAL

CORA, INES, NURSE, PAUL, MAYA = "cora.lind", "ines.park", "nora.quinn", "paul.okafor", "maya.stein"
PRIYA, FAY, OMAR, ROSA, MINA, EDITH = (
    *("priya.nair", "fay.dunn", "omar.haddad"),
    *("rosa.vidal", "mina.cho", "edith.brandt"),
)
CHECKED = {
    item: {"answer": "asked"}
    for item in (
        *("history", "examination", "earlier_results", "effect_on_life", "person_centred_assessment"),
        *("baseline_measures", "medication_reconciliation", "antithrombotic_status"),
        *("substance_use_sleep_mood_social", "goals_and_consent", "validated_tool_and_plan"),
    )
}
LEAVING = {
    "checklist": ["medication_handover", "flare_up_plan", "rereferral_route"],
    "handover_prescriber": True,
    "no_final_measures": "patient_declined",
}
LETTER = {"audience": ["referrer", "pcp", "patient"], "text": "Dear colleague"}


def e164(name: str) -> str:
    return f"+1212555{2000 + sum(map(ord, name.split()[0])):04}"


def person(name: str) -> dict[str, Any]:
    """Who agreed to text messages."""
    known = name.split()[0]
    contact = {"phone": e164(name), "consents": [{"channel": "sms", "purpose": "care"}]}
    return a_patient(known) | {"family_name": known, "given_names": "Kim", "contact": contact}


class HardDay(MemoryClinic):
    """Patients are known by a name of the story; `ids` has their patient and referral."""

    def __init__(self, start: str) -> None:
        super().__init__(start, ALL, {})
        self.known_as("practice", "referrer", PRACTICE)
        self.known_as("spine centre", "referrer", SPINE_CENTRE)
        self.referral: dict[str, str] = {}
        self.patient: dict[str, str] = {}

    async def refers(self, name: str, who: str = "practice", **said: Any) -> None:
        """`name` may have a number: `Ana 2` is another referral of Ana."""
        extra = {each: said.pop(each) for each in ("predecessor_id",) if each in said}
        sent = a_submission(name, **{"patient": person(name), **said}) | extra
        made = await self.ask("POST", "referral", "/referrals", who, json=sent)
        shown = await self.reads("referral", f"/referrals/{made['id']}", NURSE)
        self.keep(name, made["id"], shown["patient_id"])

    async def waits_for(self, **categories: str) -> None:
        """These are referred and accepted, each in its category."""
        for name, category in categories.items():
            if name not in self.referral:
                await self.refers(name)
            await self.triages(name, category)

    async def sends_over_kafka(self, name: str, **said: Any) -> None:
        sent = a_submission(name, **{"patient": person(name), **said})
        self.system.produce(REFERRAL_INTAKE.name, name, msgspec.json.encode(sent))
        await self.system.settle()
        received = self.last("received")
        self.keep(name, received.subject, self.owner(received.id) or "")

    async def texts(self, name: str, text: str) -> None:
        await self.outside.text_from(e164(name), text)
        await self.system.settle()

    async def status(self, name: str) -> str:
        return str((await self.reads("referral", f"/referrals/{self.referral[name]}", NURSE))["status"])

    async def ends(self) -> None:
        """Nothing waits that nobody could handle, and no fact is stuck."""
        assert await self.parked() == []
        assert not self.rows("PATIENT_PARKED", "FACT_STUCK", "NEXT_STEP_MISSING")

    def named(self, row: Mapping[str, Any]) -> str:
        """Whose referral a row is about."""
        return next((name for name, known in self.referral.items() if known == row.get("referral_id")), "")

    def keep(self, name: str, referral: str, patient: str) -> None:
        self.referral[name], self.patient[name] = referral, patient
        self.known_as(name, "patient", patient)

    async def does(self, service: str, path: str, who: str, **body: Any) -> Any:
        return await self.ask("POST", service, path, who, json=body)

    async def refused(self, service: str, path: str, who: str, **body: Any) -> str:
        """The code of the problem."""
        answer = await self.request("POST", service, path, who, json=body)
        assert answer.is_error, answer.text
        return str(answer.json()["type"].removeprefix("urn:huddle:problem:"))

    async def reads(self, service: str, path: str, who: str) -> Any:
        return await self.ask("GET", service, path, who)

    async def triages(self, name: str, category: str = "cat_2", **more: Any) -> None:
        answer = await self.tries_triage(name, category, **more)
        assert answer.is_success, answer.text

    async def tries_triage(self, name: str, category: str, **more: Any) -> httpx.Response:
        path = f"/referrals/{self.referral[name]}"
        seen = {"if-match": f'"{(await self.reads("referral", path, NURSE))["version"]}"'}
        said = {"category": category, "comment": "as it is", "accept": True} | more
        return await self.request("POST", "referral", f"{path}/triage", NURSE, json=said, headers=seen)

    async def refused_triage(self, name: str) -> str:
        answer = await self.tries_triage(name, "cat_2")
        return str(answer.json()["type"].removeprefix("urn:huddle:problem:"))

    def facts_of(self, name: str, *services: str) -> list[Told]:
        return [fact for fact in self.facts(*services) if fact.name == name]

    def last(self, name: str) -> Told:
        return self.facts_of(name)[-1]

    def wish(self, name: str, purpose: str = "initial_consultation") -> str:
        """The newest booking request of this referral for this purpose."""
        wanted = [row for row in self.rows("BOOK_VISIT") if row["referral_id"] == self.referral[name]]
        ids = {row["subject_id"] for row in wanted}
        asked = self.facts_of("booking_requested")
        return [f.subject for f in asked if f.subject in ids and f.fact["purpose"] == purpose][-1]

    def whose(self, name: str) -> dict[str, str]:
        return {"patient_id": self.patient[name], "referral_id": self.referral[name]}

    async def tries_to_change(self, plan: str, who: str, version: int, **change: Any) -> httpx.Response:
        """By somebody who saw this version."""
        seen = {"if-match": f'"{version}"'}
        return await self.request("PATCH", "care_plan", plan, who, json=change, headers=seen)

    async def changes(self, plan: str, who: str, version: int | None = None, **change: Any) -> None:
        version = version or (await self.reads("care_plan", plan, who))["version"]
        answer = await self.tries_to_change(plan, who, version, **change)
        assert answer.is_success, answer.text

    def slot(self, login: str, when: str) -> dict[str, str]:
        return {"clinician_id": self.staff(login), "start": at_clinic(when).isoformat()}

    async def books(
        self, name: str, *whens: str, login: str = PAUL, purpose: str = "initial_consultation", **more: Any
    ) -> Any:
        path = f"/booking-requests/{self.wish(name, purpose)}/appointments"
        slots = [self.slot(login, when) for when in whens]
        made = await self.does("scheduling", path, CORA, slots=slots, short_notice_accepted=True, **more)
        return made["appointment_ids"] if len(whens) > 1 else made["appointment_ids"][0]

    async def sees(self, visit: str, outcome: str = "MDT_PROGRAMME", who: str = PAUL, **more: Any) -> str:
        """Arrives, is examined, is done. The id of the consultation."""
        await self.does("scheduling", f"/appointments/{visit}/arrive", INES)
        held = await self.does("care_plan", "/consultations", who, appointment_id=visit, kind="initial")
        said = {
            "outcome": outcome,
            "checklist": CHECKED,
            "diagnoses": [{"system": "ICD-11", "code": "MG30.02"}],
        }
        await self.does("care_plan", f"/consultations/{held['consultation_id']}/complete", who, **said | more)
        return str(held["consultation_id"])

    async def plans(self, name: str, *activities: Mapping[str, Any], active: bool = True, **more: Any) -> Any:
        body: dict[str, Any] = {**self.whose(name), "goals": [GOAL]}
        body |= {"activities": list(activities) or [EXERCISE]}
        made = await self.does("care_plan", "/plans", PAUL, **body | more)
        if active:
            await self.does("care_plan", f"/plans/{made['plan_id']}/activate", PAUL, patient_agreement=True)
        return made

    async def answers(self, name: str, **answers: list[int]) -> Any:
        """To a questionnaire that is asked for on the spot."""
        asked = {"occasion": "review", "instruments": list(answers), "due_on": self.today, **self.whose(name)}
        made = await self.does("care_plan", "/measure-requests", PAUL, **asked)
        path = f"/measure-requests/{made['request_id']}/answers"
        return await self.does("care_plan", path, name, answers=answers)

    @property
    def today(self) -> str:
        return local(self.system.clock.now().isoformat()).date().isoformat()

    def rows(self, *types: str) -> list[Mapping[str, Any]]:
        every = [row for queue in QUEUES for row in self.table(queue_topic(queue)).values()]
        return [row for row in every if not types or row["item_type"] in types]

    def work(self, *names: str) -> list[str]:
        """Open items of these patients' referrals: queue, type, due."""
        known = {self.referral[name] for name in names}
        return sorted(line(row) for row in self.rows() if row.get("referral_id") in known)

    async def claims(self, item_type: str, who: str, name: str = "", detail: str = "") -> int:
        [row] = [
            row
            for row in self.rows(item_type)
            if (not name or row.get("patient_id") == self.patient[name])
            and (not detail or row["detail"] == detail)
        ]
        path, seen = f"/items/{row['item_id']}/claim", {"if-match": f'"{row["version"]}"'}
        return (await self.request("POST", "worklist", path, who, headers=seen)).status_code

    def told(self, name: str = "") -> list[str]:
        """What was sent, to whom it concerns: template, and what came of it."""
        ends = ("message_sent", "message_suppressed", "message_cancelled", "message_failed")
        found = [f for f in self.facts("notifications") if f.name in ends]
        return [
            " ".join(
                [f.local, f.fact["template"], f.name.removeprefix("message_"), f.fact.get("reason", "")]
            ).strip()
            for f in found
            if f.fact["template"] not in ("ESCALATION_PAGE", "MANAGER_NOTICE")
            if not name or self.owner(f.id) == self.patient[name]
        ]

    def owner(self, fact_id: str) -> str | None:
        for log in self.system.log.values():
            for message in log:
                if message.headers.get("ce_id") == fact_id:
                    return message.headers.get("ce_patientid")
        return None

    async def parked(self) -> list[str]:
        """At the end of a day there is nothing."""
        return [
            f"{name} {row.key}: {row.error}"
            for name, worker in self.system.workers.items()
            for key in await worker.parking.keys()
            for row in await worker.parking.show(key.key)
        ]


def line(row: Mapping[str, Any]) -> str:
    due = f" {local(row['due_at']):%m-%d %H:%M}" if row.get("due_at") else ""
    return f"{row['queue']} {row['item_type']} {row['priority']}{due} {row.get('detail') or ''}".strip()
