"""Private facts of an attendance case: they stand in this service's journal only."""

from typing import Literal

from schemas.fact import PrivateFact


class CaseWithdrawn(PrivateFact):
    """The patient was there after all: there is nothing to look at."""

    type: Literal["scheduling.case_withdrawn.v1"] = "scheduling.case_withdrawn.v1"
