"""Who works where, by login."""

from collections.abc import Awaitable, Callable, Mapping

from simulator.desk import Json

COORDINATOR, RECEPTIONIST = "cora.lind", "ines.park"
NURSE, OTHER_NURSE = "nora.quinn", "tomas.reyes"
PHYSICIAN, PSYCHOLOGIST = "paul.okafor", "priya.nair"
PROCEDURALIST = "maya.stein"
REGISTRAR = RECEPTIONIST
MANAGER, DIRECTOR = "mina.cho", "edith.brandt"
PHYSICIANS = (PHYSICIAN, PROCEDURALIST, DIRECTOR)
AT_WORK: Mapping[str, str] = {
    "coordination": COORDINATOR,
    "nursing": NURSE,
    "medical": PHYSICIAN,
    "psychology": PSYCHOLOGIST,
    "physiotherapy": "fay.dunn",
    "occupational_therapy": "omar.haddad",
    "pharmacy": "rosa.vidal",
    "social_work": "sam.whit",
    "management": MANAGER,
}
"""Who works through a queue."""
Handler = Callable[[Json, str], Awaitable[bool]]
"""Does what an open item asks for; False: not now."""
