"""The vocabulary of service authors, at one address: what a service is made of, what may be answered, who acts.

No I/O. The runtime's rooms know each other's modules; services and tests import from here.
"""

from backbone.model.aggregate import (
    Aggregate,
    Effect,
    Lookup,
    One,
    Order,
    Orders,
    Publication,
    Send,
    Target,
    Timer,
    one,
    tag_of,
    together,
)
from backbone.model.alike import like, updated
from backbone.model.column import AllOf, Column, Columns, Flag, all_of, field
from backbone.model.decision import (
    BY_RIGHT,
    Command,
    Content,
    Decision,
    Given,
    Refused,
    Ruled,
    State,
    Step,
    TooEarly,
)
from backbone.model.disclosure import Disclosure
from backbone.model.head import SYSTEM, Actor, Cause, Event, Head, Rights
from backbone.model.invalid import Invalid
from backbone.model.marks import Parts, marks_in, marks_of
from backbone.model.person import (
    PersonJoined,
    PersonParted,
    has_died,
    known_by_registry,
    others_of,
    person_seen,
    survivor_of,
)
from backbone.model.rights import Group, by, decider, group_of, ignores, permits
from backbone.model.safely import safely
from backbone.model.service import Came, EffectCall, Handler, Intake, On, Results, Route, Service, on
from backbone.model.snapshot import Snapshot, Unverified, together_for
from backbone.model.table import Table

__all__ = [
    "BY_RIGHT",
    "SYSTEM",
    "Actor",
    "Aggregate",
    "AllOf",
    "Came",
    "Cause",
    "Column",
    "Columns",
    "Command",
    "Content",
    "Decision",
    "Disclosure",
    "Effect",
    "EffectCall",
    "Event",
    "Flag",
    "Given",
    "Group",
    "Handler",
    "Head",
    "Intake",
    "Invalid",
    "Lookup",
    "On",
    "One",
    "Order",
    "Orders",
    "Parts",
    "PersonJoined",
    "PersonParted",
    "Publication",
    "Refused",
    "Results",
    "Rights",
    "Route",
    "Ruled",
    "Send",
    "Service",
    "Snapshot",
    "State",
    "Step",
    "Table",
    "Target",
    "Timer",
    "TooEarly",
    "Unverified",
    "all_of",
    "by",
    "decider",
    "field",
    "group_of",
    "has_died",
    "ignores",
    "known_by_registry",
    "like",
    "marks_in",
    "marks_of",
    "on",
    "one",
    "others_of",
    "permits",
    "person_seen",
    "safely",
    "survivor_of",
    "tag_of",
    "together",
    "together_for",
    "updated",
]
