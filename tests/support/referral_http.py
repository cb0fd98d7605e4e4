"""Callers of the referral service, and how they submit and post."""

from typing import Any

import httpx
import msgspec

from backbone.http.identity import Principal
from tests.support.submissions import PRACTICE, SPINE_CENTRE, a_submission
from tests.unit.referral.situations import COORDINATOR, MANAGER, NURSE, PHYSICIAN

A_REFERRER = Principal("referrer", PRACTICE)
A_STRANGER = Principal("referrer", SPINE_CENTRE)
A_NURSE = Principal("user", str(NURSE.id), ("triage_nurse",), ("nursing",))
A_PHYSICIAN = Principal("user", str(PHYSICIAN.id), ("physician",), ("medical",))
A_COORDINATOR = Principal("user", str(COORDINATOR.id), ("care_coordinator",), ("coordination",))
A_MANAGER = Principal("user", str(MANAGER.id), ("service_manager",), ("management",))
NOBODY = "00000000-0000-4000-8000-000000000000"


class TrustingIdentity:
    """The token says who it is."""

    async def verify(self, token: str) -> Principal:
        return msgspec.json.decode(bytes.fromhex(token), type=Principal)


def by(who: Principal, version: int | None = None, **headers: str) -> dict[str, str]:
    match = {"if-match": f'"{version}"'} if version is not None else {}
    return {"authorization": f"Bearer {msgspec.json.encode(who).hex()}"} | match | headers


async def submit(http: httpx.AsyncClient, who: Principal = A_REFERRER, **changes: Any) -> httpx.Response:
    return await http.post("/referrals", json=a_submission(**changes), headers=by(who))


async def post(
    http: httpx.AsyncClient,
    referral: dict[str, Any],
    path: str,
    who: Principal,
    body: dict[str, Any] | None = None,
) -> httpx.Response:
    """With the version of the document that is at hand."""
    address = f"/referrals/{referral['id']}/{path}"
    return await http.post(address, json=body or {}, headers=by(who, referral["version"]))
