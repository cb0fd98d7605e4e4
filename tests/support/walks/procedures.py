"""What the rules of scheduling look at before a procedure: what must be true, what comes before it, what counts."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backbone.ids import ROOT, derive
from services.scheduling.service import SERVICE
from tests.support.configuring import change, copied
from tests.support.procedure_dates import EVERYTHING, MBB, ProcedureClinic

PATIENTS: dict[str, Any] = {"by": "patient", "reason": "ill"}
SECOND, THIRD = derive(ROOT, "a second block"), derive(ROOT, "a third block")
AFTER: dict[str, Any] = {"procedure": SECOND, "sequence_role": "mbb_2", "previous_id": MBB}


async def ordered(*gates: str, config: Path | None = None, **more: Any) -> ProcedureClinic:
    clinic = ProcedureClinic((SERVICE,), **({"config": config} if config else {}))
    return await clinic.order(*gates, **more)


async def tries(clinic: ProcedureClinic, path: str, who: str = "cora.lind", **body: Any) -> None:
    answer = await clinic.request("POST", "scheduling", path, who, json=body)
    assert answer.status_code != 422, answer.text


async def is_held_and_treated() -> None:
    """The plan is signed for a date that nobody knows, then for this one; it is moved, shown, and done."""
    clinic = await ordered(*EVERYTHING)
    await clinic.request_plan()
    clinic.visit = derive(ROOT, "nobody's")
    await clinic.sign()
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise(until="2027-05-30")
    await clinic.book()
    await clinic.sign()
    await clinic.move("2027-06-01 10:30")
    await clinic.at("2027-05-01 11:00")
    await clinic.move("2027-05-18 10:30")
    await clinic.sign(version=3, start="2027-05-18 10:30")
    await clinic.show("escort")
    await clinic.at("2027-05-18 10:20")
    visit = f"/appointments/{clinic.visit}"
    await clinic.post(f"{visit}/arrive")
    for action in ("check-in", "attend"):
        await tries(clinic, f"{visit}/{action}")
    await clinic.show("infection")
    await clinic.inr("1.1", "2027-05-18 09:00")
    for action in ("check-in", "attend"):
        await tries(clinic, f"{visit}/{action}")


async def nothing_holds_it_up() -> None:
    """It has no gates at all: offered, declined, booked, moved and done."""
    clinic = await ordered()
    slots = [clinic.slot(f"2027-04-{day} 10:30") for day in ("20", "21")]
    offers = clinic.dates.replace("appointments", "offers")
    made = await clinic.post(offers, slots=slots, mode="phone")
    await clinic.post(f"/offers/{made['offer_id']}/decline")
    await clinic.book()
    await clinic.move("2027-04-26 10:30")
    await clinic.at("2027-04-26 10:20")
    visit = f"/appointments/{clinic.visit}"
    for action in ("arrive", "check-in", "attend"):
        await clinic.post(f"{visit}/{action}")


async def comes_second() -> None:
    """The first block is still to take place, it took place, what it brought is known. The payer's answer and what the
    patient signed hold for both, and for a third that waits for the second."""
    clinic = await ordered("authorisation", "procedure_consent")
    await clinic.at("2027-04-05 11:00")
    await clinic.authorise()
    await clinic.book()
    await clinic.order("authorisation", "procedure_consent", "previous_outcome", **AFTER)
    second, said = clinic.dates, dict[str, Any](slots=[clinic.slot("2027-05-11 10:30")])
    await tries(clinic, second.replace("appointments", "offers"), **said, mode="phone")
    await tries(clinic, second, **said, short_notice_accepted=True)
    await clinic.show("procedure_consent", valid_from="2027-04-01", valid_to="2027-06-30")
    await clinic.at("2027-04-22 10:30")
    third: dict[str, Any] = {"procedure": THIRD, "sequence_role": "rfa", "previous_id": SECOND}
    await clinic.order("procedure_consent", "previous_outcome", **third)
    for action in ("arrive", "attend"):
        await clinic.post(f"/appointments/{clinic.visit}/{action}")
    await clinic.outcome()
    await clinic.post(second, **said, short_notice_accepted=True)


async def is_let_go() -> None:
    """By a person or by the system, a day before or when it begins: who gave a date back before, and who did not."""
    for before in (False, True):
        with TemporaryDirectory() as folder:
            config = copied(Path(folder))
            change(config / "scheduling.toml", 'release = "confirm"', 'release = "auto"')
            for how in ("auto", "person", "nobody"):
                clinic = await ordered(
                    "authorisation" if how == "nobody" else "escort", config=config if how == "auto" else None
                )
                await is_not_shown(clinic, before, how)


async def is_not_shown(clinic: ProcedureClinic, before: bool, how: str) -> None:
    if before:
        await clinic.book("2027-04-08 10:30")
        await clinic.post(f"/appointments/{clinic.visit}/cancel", **PATIENTS)
    await clinic.book()
    await clinic.at("2027-04-21 10:31")
    if how == "person":
        await clinic.post(f"/appointments/{clinic.visit}/release")
        await tries(clinic, f"/appointments/{clinic.visit}/release")
    await clinic.at("2027-04-22 10:31")


PLAYS = (is_held_and_treated, nothing_holds_it_up, comes_second, is_let_go)
