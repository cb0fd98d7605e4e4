"""`worklist.toml`: what must be in it, and what is said when it is not."""

from pathlib import Path
from shutil import copytree

import pytest

from config.errors import ConfigurationError
from config.loading import SHIPPED
from services.worklist.catalogue.decide.table import CATALOGUE
from services.worklist.rules import load_rules
from tests.support.desk import shipped_rules


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The shipped configuration with one change in `worklist.toml`."""
    folder = copytree(SHIPPED, tmp_path / "config", ignore=lambda *_: ["__pycache__"])
    file = Path(folder) / "worklist.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return Path(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("book_visit = { business_days = 5 }\n", "", "worklist.toml: item_due.values.book_visit"),
        (
            "book_visit = { business_days = 5 }",
            "book_visit = {}",
            "give one of business_days, days and hours",
        ),
        ("safety_minutes = 15", "safety_minutes = 0", "worklist.toml: claim_idle.values.safety_minutes"),
        ("again_after_percent = 50", "again_after_percent = 0", "overdue.values.again_after_percent"),
        ('policy = "clinical_v1"', 'policy = "fifo"', "worklist.toml: ordering.values.policy"),
        (
            "[queues.values.pharmacy]",
            "[queues.values.pharmacists]",
            "worklist.toml: queues.values.pharmacists",
        ),
        (
            'accepts = ["RED_FLAG", "VISIT_READY", "ACT_ACCEPT", "ACT_INFO", "ACT_REVIEW", "MDT_PREP", "MDT_ACTION"',
            'accepts = ["RED_FLAGS", "VISIT_READY", "ACT_ACCEPT", "ACT_INFO", "ACT_REVIEW", "MDT_PREP", "MDT_ACTION"',
            "worklist.toml: queues.values.psychology.accepts",
        ),
        ('roles = ["pharmacist"]', 'roles = ["chemist"]', "worklist.toml: queues.values.pharmacy.roles"),
    ],
)
def test_every_error_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load_rules(changed(tmp_path, old, new))
    assert said in str(error.value)


def test_a_queue_that_nobody_works_is_an_error(tmp_path: Path) -> None:
    queue = '[queues.values.pharmacy]\nroles = ["pharmacist"]\nleads = ["clinical_lead", "service_manager"]\n'
    takes = '"VISIT_READY", "ACT_ACCEPT", "ACT_INFO", "ACT_REVIEW", "MDT_PREP", "MDT_ACTION", "OPI_CHECK", "OVERRIDE"'
    old = f"{queue}accepts = [{takes}]\n"
    with pytest.raises(ConfigurationError, match="nobody works pharmacy"):
        load_rules(changed(tmp_path, old, ""))


def test_every_item_may_be_moved_to_where_it_is_opened_by_default() -> None:
    rules = shipped_rules()
    accepted = set().union(*(queue.accepts for queue in rules.queues.values()))
    assert accepted == {row.item for row in CATALOGUE}


def test_triage_can_be_the_physicians(tmp_path: Path) -> None:
    rules = load_rules(changed(tmp_path, 'queue = "nursing"', 'queue = "medical"'))
    assert rules.triage_queue == "medical"


def test_a_category_that_the_scheme_does_not_know_is_treated_as_urgent() -> None:
    rules = shipped_rules()
    assert [rules.is_soon(each) for each in ("cat_1", "cat_2", "cat_3", "cat_9")] == [
        True,
        False,
        False,
        True,
    ]
