"""Whose a fact is: said by every fact of a thing that has a patient or a referral, wherever a test reads one."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from backbone.engine.generic import kinds_of
from backbone.model import Aggregate
from tests.support.services import ALL


@cache
def kinds() -> Mapping[tuple[str, str], Aggregate[Any]]:
    """Every kind of every service, by service and name."""
    return {(service.name, kind.kind): kind for service in ALL for kind in kinds_of(service).values()}


def check_whose(headers: Mapping[str, str]) -> None:
    """Of a fact of one of the services."""
    service = headers["ce_type"].partition(".")[0]
    kind = kinds().get((service, headers["ce_aggregatetype"]))
    if kind is not None:
        owned(kind, headers)


def owned(kind: Aggregate[Any], headers: Mapping[str, str]) -> None:
    assert kind.has_lane is not True or "ce_patientid" in headers, headers
    assert kind.has_pathway is not True or "ce_referralid" in headers, headers
