"""The clinic that the tests look at: a Tuesday morning at 10:42, as the drawings of the board have it."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from tests.browser.fake_door import FakeDoor, Row

NOW = datetime(2026, 11, 24, 10, 42, 20, tzinfo=UTC)
GROUPS = ("safety", "act_first", "overdue", "today", "later")
PRIORITY = {
    "safety": "stat",
    "act_first": "asap",
    "overdue": "routine",
    "today": "routine",
    "later": "routine",
}
JO: Row = {
    "id": "10000000-0000-4000-8000-000000000001",
    "name": "Jo Park",
    "roles": ["nurse"],
    "disciplines": ["nursing"],
}
ASHA, TOM, OSEI = (f"10000000-0000-4000-8000-00000000000{number}" for number in (2, 3, 4))
PEOPLE = {JO["id"]: "Jo Park", ASHA: "Asha Kumar", TOM: "Tom Reyes", OSEI: "Dr Osei"}

NURSING = """
RN 2207|SAFETY_ALERT|safety|11:00|12 m|alert
KD 1874|PROC_CHECKLIST|act_first|08:30|3 d|level=1
BA 3390|DAY_GATE|act_first|13:30|52 m|
MK 4821|REF_TRIAGE|act_first|17:00|1 d|cat_1
TO 1163|HOLD_CALL|act_first|17:00|1 h|
PS 0952|REF_TRIAGE|overdue|-6 17:00|13 d|cat_2 level=2
LG 2750|POST_PROC_CALL_1|overdue|09:40|3 d|level=1
HW 5518|VISIT_READY|today|11:00|1 m|fresh
YN 4406|REF_TRIAGE|today|17:00|5 d|cat_2
FC 1290|OPI_CHECK|today|17:00|2 d|
DR 3307|REF_TRIAGE|later|+1 17:00|4 d|cat_2
EV 2815|REF_TRIAGE|later|+2 17:00|3 d|cat_3
CJ 0619|VISIT_READY|today|10:45|9 m|by=jo since=6
IR 2264|REF_TRIAGE|today|17:00|2 d|cat_2 by=jo since=1
GP 3581|REF_TRIAGE|today|17:00|4 d|by=asha since=6
WE 1047|POST_PROC_CALL_1|later|+1 17:00|2 d|by=asha since=14
JL 4590|PROC_CHECKLIST|today|16:00|2 d|by=tom since=31
SV 2093|REF_CALL_REFERRER|later|+2 17:00|3 d|hold=2026-11-25
ZA 3718|MONTHLY_CONTACT|later|+6 17:00|5 d|hold=2026-11-30
"""
OTHERS = """
JD 0931|RED_FLAG|safety|10:46|6 m|queue=psychology alert
AH 1455|SAFETY_ALERT|safety|14:00|2 h|queue=medical by=osei since=40
BA 3390|GATE_RELEASE|act_first|09:54|1 d|queue=coordination
UT 2611|BOOK_VISIT|overdue|-6 10:00|21 d|queue=coordination level=2
CN 4087|REF_COMPLETE|overdue|07:30|2 d|queue=coordination
RN 2207|DNA_FOLLOWUP|today|17:00|1 d|queue=coordination
QH 1520|REPLY_READ|today|17:00|1 d|queue=coordination
VE 1406|ANT_PLAN|overdue|-6 10:00|17 d|queue=medical level=2
VW 0284|VISIT_READY|overdue|10:30|30 m|queue=medical
LN 3316|PLAN_DRAFT|overdue|-1 10:00|15 d|queue=medical
RN 2207|ATT_REVIEW|today|17:00|1 d|queue=medical
EK 2299|LETTER_SIGN|today|17:00|8 d|queue=medical
SB 3054|VISIT_READY|today|10:46|4 m|queue=physiotherapy
LN 3316|ACT_ACCEPT|today|17:00|1 d|queue=physiotherapy
PD 1187|MDT_PREP|later|+2 13:00|4 d|queue=physiotherapy
MM 4420|ACT_REVIEW|later|+3 17:00|2 d|queue=physiotherapy
GF 2718|ACT_ACCEPT|overdue|06:40|3 d|queue=occupational_therapy
PD 1187|MDT_PREP|later|+2 13:00|4 d|queue=occupational_therapy
TK 0366|ACT_REVIEW|later|+6 17:00|6 d|queue=occupational_therapy
HB 3942|SCORE_REVIEW|today|17:00|1 d|queue=psychology
LN 3316|ACT_ACCEPT|later|+1 17:00|1 d|queue=psychology
PD 1187|MDT_PREP|later|+2 13:00|4 d|queue=psychology
OC 1675|MDT_PREP|later|+2 13:00|5 d|queue=psychology
FC 1290|OPI_CHECK|overdue|09:40|3 d|queue=pharmacy
YR 4811|OPI_CHECK|today|17:00|1 d|queue=pharmacy
IG 2056|ACT_ACCEPT|later|+1 17:00|1 d|queue=pharmacy
PD 1187|MDT_ACTION|later|+3 17:00|2 d|queue=pharmacy
DN 1908|WAIT_BREACH|overdue|07:30|1 d|queue=management
XS 3620|WAIT_FORECAST|later|+1 17:00|2 d|queue=management
BW 0457|WAIT_FORECAST|later|+2 17:00|1 d|queue=management
"""
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
BY = {"jo": JO["id"], "asha": ASHA, "tom": TOM, "osei": OSEI}


def past(kind: str, when: str, **data: Any) -> Row:
    return {"type": f"worklist.{kind}.v1", "occurred_at": stamp(at(when)), "data": data}


def an_id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def at(text: str) -> datetime:
    """`17:00` of the day, `-6 17:00` six days before."""
    days, _, time = text.rpartition(" ")
    hour, minute = time.split(":")
    return (NOW + timedelta(days=int(days or 0))).replace(hour=int(hour), minute=int(minute), second=0)


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def order_of(row: Row) -> list[Any]:
    apart = 2 if row.get("resume_on") else int(row["status"] != "waiting")
    group = GROUPS.index(row["group"])
    return [apart, group, row["rank"], row["item_id"]]


def a_row(number: int, line: str) -> tuple[Row, str]:
    """A row from a line of the tables above, and its patient's label."""
    label, kind, group, due, waiting, more = line.split("|")
    says = dict(word.partition("=")[::2] for word in more.split())
    amount, unit = waiting.split()
    row: Row = {
        "item_id": an_id(f"{says.get('queue', 'nursing')} {line}"),
        "version": 1,
        "number": 20400 + number,
        "item_type": kind,
        "queue": says.get("queue", "nursing"),
        "status": "claimed" if "by" in says else "waiting",
        "priority": PRIORITY[group],
        "level": int(says.get("level", 0)),
        "group": group,
        "rank": number,
        "due_at": stamp(at(due)),
        "overdue": at(due) <= NOW,
        "waiting_since": stamp(NOW - timedelta(**{UNITS[unit]: int(amount)})),
        "subject_type": "referral",
        "subject_id": an_id(line),
        "patient_id": an_id(label),
    }
    if "alert" in says:
        row |= {"ack_due_at": row["due_at"], "due_at": stamp(at("17:00")), "detail": "dna_high_risk"}
    if "by" in says:
        row |= {
            "claimed_by": BY[says["by"]],
            "claimed_at": stamp(NOW - timedelta(minutes=int(says["since"]))),
            "goes_back_at": stamp(NOW + timedelta(minutes=60 - int(says["since"]))),
        }
    row |= {"resume_on": says["hold"], "hold_reason": "waits_for_others"} if "hold" in says else {}
    row |= {"category": next(word for word in says if word.startswith("cat_"))} if "cat_" in more else {}
    return row | {"order": order_of(row)}, label


def another(number: int, queue: str = "nursing", group: str = "later", **more: Any) -> Row:
    """One more row, as many as a test needs."""
    days = {"safety": 0, "act_first": 0, "overdue": -1, "today": 0, "later": 2 + number % 60}[group]
    row, _ = a_row(
        number, f"P{number:04}|REF_TRIAGE|{group}|{days} 17:00|{1 + number % 9} d|cat_2 queue={queue}"
    )
    row |= {"item_type": "SAFETY_ALERT", "ack_due_at": stamp(at("11:00"))} if group == "safety" else {}
    row |= more
    return row | {"order": order_of(row)}


PAST = [
    past("item_opened", "-13 09:12"),
    past("item_held", "-12 09:30", reason="waits_for_others", resume_on="2026-11-16"),
    past("item_resumed", "-8 08:00"),
    past("item_claimed", "-6 16:42", by_id=ASHA),
    past("item_escalated", "-6 17:00", cause="overdue", priority="urgent", level=1),
    past("item_released", "-6 17:42", reason="idle"),
    past("item_escalated", "-1 12:30", cause="overdue", priority="asap", level=2),
]
"""What happened to PS 0952."""


D = TypeVar("D", bound=FakeDoor)


def a_door(*, more: int = 0, staff: Row = JO) -> FakeDoor:
    """The clinic as drawn; `more` rows stand behind in Nursing."""
    return filled(FakeDoor(NOW, staff, PEOPLE), more)


def filled(door: D, more: int = 0) -> D:
    """With the rows of the tables above."""
    lines = [line for line in (NURSING + OTHERS).splitlines() if line]
    for number, line in enumerate(lines):
        row, label = a_row(number, line)
        door.labels[row["patient_id"]] = label
        door.rows[row["item_id"]] = row
    door.history[an_id("nursing " + next(line for line in lines if line.startswith("PS 0952")))] = PAST
    for number in range(more):
        row = another(1000 + number)
        door.labels[row["patient_id"]] = f"ZZ {number:04}"
        door.rows[row["item_id"]] = row
    return door
