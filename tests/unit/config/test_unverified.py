"""What nobody has verified is read of every file, also by who has no classes for its rules."""

from pathlib import Path

from config.loading import SHIPPED, unverified_anywhere
from services.worklist.rules import load_rules
from tests.support.configuring import another_version, copied
from tests.support.services import ALL


def test_of_each_file_it_is_what_the_service_finds_that_reads_it() -> None:
    anywhere = unverified_anywhere(SHIPPED)
    for service in ALL:
        own = service.load_rules(SHIPPED).unverified
        assert own.items() <= anywhere.items(), service.name
    assert "goal.attainment@1" in anywhere, "a rule of care_plan, in a file that the worklist does not read"


def test_the_worklist_knows_it_of_every_day(tmp_path: Path) -> None:
    copied(tmp_path)
    another_version(tmp_path / "worklist.toml", "claim_idle", "2027-03-02", "minutes = 60", "minutes = 90")
    rules = load_rules(tmp_path)
    later = rules.at(rules.calendar.daily(rules.begins.replace(year=2028)))
    assert later is not rules
    assert later.unverified_anywhere == rules.unverified_anywhere == unverified_anywhere(SHIPPED)
