"""Whether what is ordered can be there: region and levels of a family. Pure."""

from itertools import pairwise

from backbone.model import Refused
from config.procedures import Family
from schemas.care_plan.v1.codes import Side, SpinalRegion
from schemas.codes import ProcedureFamily

SPINE = (
    *(f"C{each}" for each in range(1, 9)),
    *(f"T{each}" for each in range(1, 13)),
    *(f"L{each}" for each in range(1, 6)),
    *(f"S{each}" for each in range(1, 6)),
)
"""From above to below. C8 is a nerve root: below C7, above T1."""
JOINTS = frozenset(pairwise(SPINE)) | {("C7", "T1")}
LETTER: dict[SpinalRegion, str] = {"cervical": "C", "thoracic": "T", "lumbar": "L", "sacral": "S"}


def misplaced(
    name: ProcedureFamily, family: Family, region: SpinalRegion, side: Side, levels: tuple[str, ...]
) -> Refused | None:
    if region not in family.regions:
        known = ", ".join(family.regions)
        return Refused(f"`region`: {name} is done here: {known}", code="wrong-region")
    if family.levels != bool(levels):
        said = "needs the levels that are treated" if family.levels else "is ordered without levels"
        return Refused(f"`levels`: {name} {said}", code="wrong-levels")
    if len(set(levels)) < len(levels):
        return Refused("`levels`: one of them is named twice", code="wrong-levels")
    for level in levels:
        if not fits(level, region):
            return Refused(f"`levels`: {level} is no level of the {region} spine", code="wrong-levels")
    return None


def fits(level: str, region: SpinalRegion) -> bool:
    """A vertebra of the region; or two that meet, at least one of them of the region."""
    ends = tuple(level.split("-"))
    there = any(end[0] == LETTER[region] for end in ends)
    return there and (len(ends) == 1 or ends in JOINTS)
