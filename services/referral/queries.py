"""Reads for the API, SQL as SQL. Nothing is changed or decided here."""

from typing import Any, NamedTuple

import msgspec

from backbone.engine.runtime import Runtime
from services.referral.domain.patient.aggregate import PATIENT
from services.referral.domain.patient.states import Identity, Registered
from services.referral.domain.referral.aggregate import REFERRAL
from services.referral.domain.referral.states import Known

PAGE = """
-- Referrals in order of id, after the last one seen: of one status, organisation or patient where that is asked.
SELECT id::text, version, body::text
  FROM referral
 WHERE ($1::text IS NULL OR status = $1)
   AND ($2::text IS NULL OR referrer_org_id = $2)
   AND ($3::uuid IS NULL OR lane_key = $3)
   AND ($4::uuid IS NULL OR id > $4)
 ORDER BY id
 LIMIT $5
"""


class Scope(NamedTuple):
    """Which referrals are asked for; None: all."""

    status: str | None = None
    organisation_id: str | None = None
    patient_id: str | None = None


async def page(runtime: Runtime, scope: Scope, after: str | None, limit: int) -> list[tuple[str, int, Known]]:
    """Ids, versions and states; one more than `limit` says that there are more."""
    async with runtime.connection() as connection:
        rows = await connection.fetch(PAGE, *scope, after, limit + 1)
    return [(row[0], row[1], REFERRAL.state_decoder.decode(row[2])) for row in rows]


async def label(runtime: Runtime, patient_id: str) -> dict[str, Any] | None:
    """Initials and number, for people who look at the board; None when nobody is registered under the id."""
    snapshot = await runtime.load(PATIENT, patient_id)
    if snapshot is None or not isinstance(snapshot.state, Registered):
        return None
    body = await runtime.content(snapshot.state.identity_ref)
    identity = msgspec.json.decode(body, type=Identity) if body else Identity()
    return {"patient_id": patient_id, "label": f"{initials(identity)} {snapshot.state.number}".strip()}


def initials(identity: Identity) -> str:
    """Of the given names and the family name; nothing where the identity was erased."""
    names = f"{identity.given_names or ''} {identity.family_name or ''}".split()
    return "".join(name[0].upper() for name in names)


async def package(runtime: Runtime, state: Known) -> bytes | None:
    """The clinical package as it is now, as JSON; None when it was erased."""
    return await runtime.content(state.course.package_ref)
