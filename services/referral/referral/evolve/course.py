"""What all states share, changed."""

from typing import Any, TypeVar

from msgspec.structs import replace

from services.referral.referral.states import Known

S = TypeVar("S", bound=Known)


def with_course(state: S, **changes: Any) -> S:
    return replace(state, course=replace(state.course, **changes))
