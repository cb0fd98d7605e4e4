"""What the rules of referral look at: other records of the person, other referrals."""

from collections.abc import Mapping
from typing import Any

import httpx

from backbone.ids import ROOT, derive
from tests.support.front_desk import COORDINATOR, NURSE, OTHER, PHYSICIAN, REGISTRAR, SHOULDER, Desk
from tests.support.submissions import a_patient, flags

Referral = Mapping[str, Any]
FOOT: dict[str, Any] = {"pain_site_character": [{"site": "foot"}], "condition_codes": ["8C10.0"]}
MISTAKE = {"reason": "The call was about another patient."}


async def has_two_records() -> None:
    """Merged, once more, and then sent again: alike what came under the other record, and not."""
    desk = Desk()
    first = await desk.send()
    second = await desk.send("R-2", patient=a_patient("P-2"), **SHOULDER)
    for _ in range(2):
        await desk.do(f"/patients/{first['patient_id']}/merge", REGISTRAR, merged_id=second["patient_id"])
    await desk.send("R-3", **SHOULDER)
    await desk.send("R-4", **FOOT)
    await tries(desk, second, "duplicate-link", COORDINATOR, kept_id=first["id"])


async def is_sent_twice() -> None:
    """As somebody else's, to a referral that nobody knows, to one that is less urgent and to one that is more."""
    desk = Desk()
    first, second = await desk.send(), await desk.send("R-2", referrer=OTHER)
    stranger = await desk.send("R-3", patient=a_patient("P-3") | {"birth_date": "1961-02-03"}, **FOOT)
    for kept in (derive(ROOT, "nobody's"), stranger["id"], first["id"]):
        await tries(desk, second, "duplicate-link", COORDINATOR, kept_id=kept)
    third = await desk.send("R-4", referrer=OTHER)
    await triages(desk, first, "cat_3")
    await triages(desk, third, "cat_1")
    await tries(desk, third, "duplicate-link", COORDINATOR, kept_id=first["id"])


async def is_linked_with_an_emergency() -> None:
    """Nobody goes on before that is seen to; then they do."""
    desk = Desk()
    first = await desk.send()
    second = await desk.send("R-2", red_flag_screen=flags(cauda_equina_neuro="yes"))
    await triages(desk, first, "cat_2")
    await tries(desk, second, "duplicate-link", COORDINATOR, kept_id=first["id"])
    await goes_on(desk, first)
    flag = desk.last("red_flag_raised").fact["flag_id"]
    path = f"/referrals/{second['id']}/red-flags/{flag}/resolution"
    await desk.do(path, PHYSICIAN, result="assessed_continue", note="Seen today.")
    await goes_on(desk, first)


async def goes_on(desk: Desk, referral: Referral) -> None:
    await triages(desk, referral, "cat_2")
    await at_version(desk, referral, "accept")


async def is_not_identified() -> None:
    """What is said of the person settles it, or does not."""
    said = a_patient()
    known = {key: said[key] for key in ("identifier", "family_name")}
    rest = {key: said[key] for key in ("birth_date", "language", "contact")}
    for more in ({"language": "en"}, rest):
        desk = Desk()
        sent = await desk.send(patient=known)
        await tries(desk, sent, "information-requests", COORDINATOR)
        await tries(desk, sent, "information", COORDINATOR, patient=more)


async def is_given_up() -> None:
    """By mistake; before the death, and after it."""
    desk = Desk()
    one, other = await desk.send(), await desk.send("R-2", **SHOULDER)
    for each in (one, other):
        path = f"/referrals/{each['id']}"
        await desk.do(f"{path}/cancellation-requests", COORDINATOR, reason="no_longer_wanted", by="patient")
        await desk.do(f"{path}/cancellation", COORDINATOR)
    await tries(desk, one, "reopening", COORDINATOR, **MISTAKE)
    await desk.do(f"/patients/{one['patient_id']}/death", NURSE, source="family")
    await tries(desk, other, "reopening", COORDINATOR, **MISTAKE)


async def triages(desk: Desk, referral: Referral, category: str) -> httpx.Response:
    return await at_version(desk, referral, "triage", category=category, comment="as it is")


async def at_version(desk: Desk, referral: Referral, action: str, **body: Any) -> httpx.Response:
    path = f"/referrals/{referral['id']}"
    seen = {"if-match": f'"{(await desk.read(path))["version"]}"'}
    return await desk.clinic.request("POST", "referral", f"{path}/{action}", NURSE, json=body, headers=seen)


async def tries(desk: Desk, referral: Referral, action: str, who: str, **body: Any) -> httpx.Response:
    path = f"/referrals/{referral['id']}/{action}"
    return await desk.clinic.request("POST", "referral", path, who, json=body)


PLAYS = (
    has_two_records,
    is_sent_twice,
    is_linked_with_an_emergency,
    is_not_identified,
    is_given_up,
)
