"""Reads for the API, SQL as SQL. Nothing is changed or decided here."""

from typing import Any, NamedTuple

import msgspec

from backbone.engine.runtime import Runtime
from backbone.http.access import is_own
from backbone.http.identity import Principal
from backbone.model import Snapshot
from services.referral.patient.queries import labels
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.states import Course, Known, Rejected

PAGE = """
-- Referrals in order of id, after the last one seen: of one status, organisation, person or system if asked.
SELECT id::text, version, body::text, lane_key::text, id::text
  FROM referral
 WHERE ($1::text IS NULL OR status = $1)
   AND ($2::text IS NULL OR referrer_org_id = $2)
   AND ($3::uuid[] IS NULL OR lane_key = ANY($3))
   AND ($4::text IS NULL OR source_system = $4)
   AND ($5::uuid IS NULL OR id > $5)
 ORDER BY id
 LIMIT $6
"""


class Scope(NamedTuple):
    """Which referrals are asked for; None: all."""

    status: str | None = None
    organisation_id: str | None = None
    records: tuple[str, ...] | None = None
    source_system: str | None = None


async def page(runtime: Runtime, scope: Scope, after: str | None, limit: int) -> list[Snapshot[Known]]:
    """Referrals; one more than `limit` says that there are more."""
    return await runtime.query(REFERRAL, PAGE, *scope, after, limit + 1)


async def suspected(runtime: Runtime, course: Course) -> list[dict[str, Any]]:
    """Those that may be about the same, each as people know it: whose it is, and since when it waits."""
    loaded = [await runtime.load(REFERRAL, each.other_referral_id) for each in course.suspicions]
    others = {each.id: each.state.course for each in loaded if each}
    patients = list(dict.fromkeys(other.patient_id for other in others.values()))
    named = {each["patient_id"]: each["label"] for each in await labels(runtime, patients)}
    return [
        msgspec.to_builtins(each)
        | {
            "patient_id": other.patient_id,
            "label": named.get(other.patient_id),
            "clock_start": msgspec.to_builtins(other.clock_start),
        }
        if (other := others.get(each.other_referral_id))
        else msgspec.to_builtins(each)
        for each in course.suspicions
    ]


async def advice(runtime: Runtime, state: Known) -> bytes | None:
    """What was written when the clinic said no, as JSON; None where it did not, or where it was erased."""
    ref = state.advice_ref if isinstance(state, Rejected) else None
    return await runtime.content(ref) if ref else None


async def package(runtime: Runtime, state: Known) -> bytes | None:
    """The clinical package as it is now, as JSON; None when it was erased."""
    return await runtime.content(state.course.package_ref)


def sees(caller: Principal, referral: Snapshot[Known]) -> bool:
    """Staff see every referral, a referrer those of their organisation, a patient their own."""
    course = referral.state.course
    sent = caller.kind == "referrer" and caller.id == course.referrer_org_id
    return sent or is_own(caller, course.patient_id)


def sent_by(caller: Principal, referral: Snapshot[Known]) -> bool:
    """Whether it came from the partner's own system."""
    return caller.source_system == referral.state.course.source_system
