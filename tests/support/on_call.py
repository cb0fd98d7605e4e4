"""The whole clinic, from outside, as those see it who are called: warnings go in over HTTP, pages come out."""

from typing import Any

from backbone.model import Service
from tests.support.memory_clinic import MemoryClinic
from tests.support.pages import LOGINS, NUMBERS, code_of, is_page, number_of
from tests.support.services import ALL
from tests.support.submissions import PRACTICE, a_patient, a_submission, flags
from tests.support.told import local


class OnCall:
    """A referral may be sent; its patient may answer. What is listed since the last look is `new`."""

    def __init__(self, start: str, services: tuple[Service, ...] = ALL) -> None:
        self.clinic = MemoryClinic(start, services, {})
        self.clinic.known_as("pcp", "referrer", PRACTICE)
        self._texts = self._mails = 0

    async def refer(self, patient: str = "P-1", **raised: str) -> None:
        sent = a_submission(f"R-{patient}", patient=a_patient(patient), red_flag_screen=flags(**raised))
        await self.clinic.ask("POST", "referral", "/referrals", "pcp", json=sent)
        received = self.last("referral.received")
        self.referral, self.patient = received.subject, received.patient or ""
        self.clinic.known_as("alex", "patient", self.patient)

    async def answers(self, item_9: int, others: int = 1) -> Any:
        """At home, to a questionnaire that the clinic asks for."""
        about = {"patient_id": self.patient, "referral_id": self.referral}
        today = self.clinic.system.clock.now().date().isoformat()
        asked = {"occasion": "baseline", "instruments": ["phq9"], "due_on": today, **about}
        made = await self.clinic.ask("POST", "care_plan", "/measure-requests", "paul.okafor", json=asked)
        path = f"/measure-requests/{made['request_id']}/answers"
        return await self.clinic.ask(
            "POST", "care_plan", path, "alex", json={"answers": {"phq9": [others] * 8 + [item_9]}}
        )

    def last(self, name: str) -> "Heard":
        service, _, fact = name.partition(".")
        found = [each for each in self.clinic.facts(service) if each.name == fact]
        assert found, f"no {name} so far"
        return Heard(found[-1].subject, found[-1].fact, self.headers(found[-1].id))

    def headers(self, fact_id: str) -> dict[str, str]:
        for log in self.clinic.system.log.values():
            for message in log:
                if message.headers.get("ce_id") == fact_id:
                    return message.headers
        raise AssertionError("no such fact")

    def pages(self) -> list[str]:
        """Who was called since the last look: `paul.okafor text`, `paul.okafor mail`. What is no page is not here."""
        texts = self.clinic.outside.gateway.texts[self._texts :]
        mails = [*zip(self.clinic.outside.mailed, self.clinic.outside.mails, strict=True)][self._mails :]
        self._texts, self._mails = self._texts + len(texts), self._mails + len(mails)
        said = [f"{NUMBERS[each.to]} text" for each in texts if is_page(each.body)]
        said += [f"{LOGINS[to]} mail" for to, text in mails if is_page(text)]
        return sorted(said)

    async def until(self, when: str) -> list[str]:
        """Time passes; who was called meanwhile."""
        await self.clinic.at(when)
        return self.pages()

    @property
    def code(self) -> str:
        """Of the last page."""
        return code_of([each.body for each in self.clinic.outside.gateway.texts if is_page(each.body)][-1])

    async def text(self, login: str, text: str) -> None:
        await self.clinic.outside.text_from(number_of(login), text)
        await self.clinic.system.settle()

    def ladder(self) -> list[str]:
        """Public facts of escalations: at the clinic's time, with what they say of levels and people."""
        return [
            " ".join([each.local, each.name.removeprefix("escalation_"), *said(each.fact)])
            for each in self.clinic.facts("notifications")
            if each.name.startswith("escalation_")
        ]

    async def item(self, item_type: str) -> Any:
        """The latest open item of the type, as the worklist shows it."""
        opened = [each for each in self.clinic.facts("worklist") if each.name == "item_opened"]
        [*_, last] = [each for each in opened if each.fact["item_type"] == item_type]
        return await self.clinic.ask("GET", "worklist", f"/items/{last.subject}", "edith.brandt")

    async def claim(self, item_type: str, who: str) -> int:
        item = await self.item(item_type)
        path, etag = f"/items/{item['item_id']}/claim", {"if-match": f'"{item["version"]}"'}
        return (await self.clinic.request("POST", "worklist", path, who, headers=etag)).status_code


class Heard:
    """A public fact with the patient of its envelope."""

    def __init__(self, subject: str, fact: Any, headers: dict[str, str]) -> None:
        self.subject, self.fact, self.headers = subject, fact, headers
        self.patient = headers.get("ce_patientid")


def said(fact: Any) -> list[str]:
    shown = [str(fact[name]) for name in ("severity", "level") if name in fact]
    shown += [f"to {fact['next_level']}"] if "next_level" in fact else []
    shown += [f"by {LOGINS[fact['by_id']]} {fact['via']}"] if "by_id" in fact else []
    shown += [f"until {local(fact['ack_due_at']):%m-%d %H:%M}"] if fact.get("ack_due_at") else []
    return shown
