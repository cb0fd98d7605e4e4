"""`store.js` and `hold.js` as they run in Chromium: whatever comes in whatever order, the list becomes the server's."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.words import words
from tests.browser.scenes import a_door
from tests.browser.serving import serving

ME = "me"
QUEUES = ("nursing", "medical")
GROUPS = ("safety", "act_first", "overdue", "today", "later")
APART = ("yours", "others", "hold")
RUN = """async (runs) => {
  const {apply, sections, EMPTY} = await import('/board/static/x/store.js');
  const {settle, changes} = await import('/board/static/x/hold.js');
  return runs.map(({steps}) => {
    let state = EMPTY, shown = null;
    const seen = [];
    for (const {messages, held, own, pin} of steps) {
      state = apply(state, messages, 0);
      const target = sections([...state.items.values()].filter((row) => row.queue === 'nursing'), {me: 'me'});
      const before = shown;
      const {places, waiting} = settle(shown, target, {held, own: new Set(own), pin});
      shown = places;
      seen.push({before, shown, target, waiting, counted: changes(shown, target)});
    }
    return {seen, items: Object.fromEntries(state.items)};
  });
}"""


class Server:
    """What the worklist would hold and tell, folded here a second time."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, int] = {}
        self.told: list[dict[str, Any]] = []

    def tell_item(self, row: dict[str, Any]) -> None:
        before = self.rows.get(row["item_id"])
        self.rows[row["item_id"]] = row
        if before and before["queue"] != row["queue"]:
            self.tell_gone(row["item_id"], before["queue"])
        self.told.append({"kind": "item", "row": row})

    def tell_gone(self, item_id: str, queue: str) -> None:
        self.told.append({"kind": "gone", "key": item_id, "topic": f"worklist.queue.{queue}"})

    def happen(self, kind: str, number: int, draw: Any) -> None:
        item_id = f"item-{number}"
        if kind == "end" and item_id in self.rows:
            self.tell_gone(item_id, self.rows.pop(item_id)["queue"])
        elif kind == "reset":
            self.told.append({"kind": "reset", "items": list(self.rows.values())})
        elif kind == "change":
            self.versions[item_id] = self.versions.get(item_id, 0) + 1
            self.tell_item({"item_id": item_id, "version": self.versions[item_id], **draw(shapes(item_id))})


@st.composite
def shapes(draw: Any, item_id: str) -> dict[str, Any]:
    status = draw(st.sampled_from(("waiting", "waiting", "claimed", "hold")))
    group = draw(st.integers(0, 4))
    row: dict[str, Any] = {
        "queue": draw(st.sampled_from(QUEUES)),
        "group": GROUPS[group],
        "status": "claimed" if status == "claimed" else "waiting",
        "order": [("waiting", "claimed", "hold").index(status), group, draw(st.integers(0, 9)), item_id],
    }
    if status == "claimed":
        row["claimed_by"] = draw(st.sampled_from((ME, "other")))
    return row | ({"resume_on": "2026-11-25"} if status == "hold" else {})


@st.composite
def runs(draw: Any) -> dict[str, Any]:
    """What the server did, and how it reached the page: late, twice from before a cut, under a hand."""
    server = Server()
    still: dict[str, Any] = {"held": False, "own": [], "pin": None}
    steps = [still | {"messages": [{"kind": "reset", "items": []}]}]
    at = 0
    ids = st.integers(0, 7)
    for _ in range(draw(st.integers(1, 12))):
        for _ in range(draw(st.integers(0, 4))):
            server.happen(
                draw(st.sampled_from(("change", "change", "change", "end", "reset"))), draw(ids), draw
            )
        again = draw(st.integers(0, 3))
        steps.append(
            {
                "messages": server.told[max(0, at - again) :],
                "held": draw(st.booleans()),
                "own": [f"item-{number}" for number in draw(st.lists(ids, max_size=1))],
                "pin": draw(st.none() | ids.map(lambda number: f"item-{number}")),
            }
        )
        at = len(server.told)
    steps.append(still | {"messages": []})
    return {"steps": steps, "rows": server.rows}


def section_of(row: dict[str, Any]) -> str:
    if "resume_on" in row:
        return "hold"
    if row["status"] == "waiting":
        return row["group"]
    return "yours" if row["claimed_by"] == ME else "others"


def folded(rows: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """The list as the server has it."""
    here = sorted((row for row in rows.values() if row["queue"] == "nursing"), key=lambda row: row["order"])
    return {name: [row["item_id"] for row in here if section_of(row) == name] for name in (*GROUPS, *APART)}


@pytest.fixture(scope="module")
def modules(browser):
    with serving(a_door()) as url:
        page = browser.new_page()
        page.goto(url + "/board/static/x/html.js")
        yield page
        page.close()


def held_in_place(step: dict[str, Any], own: list[str]) -> None:
    for section, ids in step["before"].items():
        still = [item for item in ids if item not in own]
        assert [item for item in step["shown"][section] if item not in own] == still


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(some=st.lists(runs(), min_size=8, max_size=20))
def test_the_final_list_is_the_servers_and_nothing_moved_while_it_was_held(modules, some):
    for run, result in zip(some, modules.evaluate(RUN, some), strict=True):
        assert result["items"] == run["rows"]
        assert result["seen"][-1]["shown"] == folded(run["rows"])
        for step, said in zip(result["seen"], run["steps"], strict=True):
            assert step["waiting"] == step["counted"]
            assert (step["waiting"] == 0) == (step["shown"] == step["target"])
            if said["held"] and step["before"]:
                held_in_place(step, said["own"])


SETTLE = (
    "async ([shown, target, hand]) => (await import('/board/static/x/hold.js')).settle(shown, target, hand)"
)
HELD = "async ([hand, now]) => (await import('/board/static/x/hold.js')).held(hand, now)"


def test_the_row_with_focus_keeps_its_place_among_changes(modules):
    shown = {"today": ["a", "b", "c"], "later": []}
    target = {"today": ["x", "a", "c"], "later": ["b"]}
    found = modules.evaluate(SETTLE, [shown, target, {"held": False, "pin": "b"}])
    assert found == {"places": {"today": ["x", "b", "a", "c"], "later": []}, "waiting": 1}


@pytest.mark.parametrize(
    ("hand", "waits"),
    [
        ({}, False),
        ({"pointerAt": 98_000, "inputAt": 98_000}, True),
        ({"pointerAt": 96_000, "inputAt": 99_000}, False),
        ({"focused": True, "inputAt": 91_000}, True),
        ({"focused": True, "inputAt": 90_000}, False),
        ({"dialog": True, "inputAt": 90_000}, False),
        ({"paused": True}, True),
    ],
)
def test_when_positions_wait(modules, hand, waits):
    still = {"paused": False, "dialog": False, "focused": False, "pointerAt": 0, "inputAt": 0}
    assert modules.evaluate(HELD, [still | hand, 100_000]) is waits


TIMES = """async ([zone, words, cases]) => {
  const clock = await import('/board/static/x/clock.js');
  (await import('/board/static/x/words.js')).use(words);
  clock.useZone(zone);
  return cases.map(([row, at, wall]) => {
    const {first, second} = clock.due(row, Date.parse(at), wall);
    return [first, second];
  });
}"""
AT = "2026-11-24T10:42:00Z"
CASES = [
    ("2026-11-24T09:54:00Z", "48 min late", "Was due 09:54"),
    ("2026-11-24T07:30:00Z", "3 h late", "Was due 07:30"),
    ("2026-11-18T17:00:00Z", "5 d late", "Was due Wed 18 Nov"),
    ("2026-11-24T10:42:30Z", "Under 1 min", "By 10:42"),
    ("2026-11-24T11:00:00Z", "18 min left", "By 11:00"),
    ("2026-11-24T13:30:00Z", "2 h 48 min left", "By 13:30"),
    ("2026-11-24T17:00:00Z", "Today 17:00", ""),
    ("2026-11-25T17:00:00Z", "Tomorrow", ""),
    ("2026-11-25T13:00:00Z", "Tomorrow 13:00", ""),
    ("2026-11-26T17:00:00Z", "Thu 26 Nov", ""),
    ("2026-11-26T13:00:00Z", "Thu 26 Nov, 13:00", ""),
    ("2026-12-14T17:00:00Z", "14 Dec", ""),
]


def test_due_times_are_said_as_the_table_of_words_has_them(modules):
    asked = [[{"group": "today", "status": "waiting", "due_at": due}, AT, False] for due, *_ in CASES]
    said = modules.evaluate(TIMES, ["Europe/London", dict(words()), asked])
    assert said == [[first, second] for _, first, second in CASES]


def test_safety_counts_to_the_answer_and_after_a_claim_to_the_work_in_clinic_time(modules):
    row = {"group": "safety", "ack_due_at": "2026-11-24T11:00:00Z", "due_at": "2026-11-24T14:00:00Z"}
    asked = [[row | {"status": status}, AT, False] for status in ("waiting", "claimed")]
    said = modules.evaluate(TIMES, ["America/New_York", dict(words()), asked])
    assert said == [["18 min left", "Answer by 06:00"], ["3 h 18 min left", "Do by 09:00"]]
