"""The configuration is checked at start; every error is named with its file and key."""

import shutil
import tomllib
from pathlib import Path

import pytest

from config import ConfigurationError
from config.files import ClinicFiles
from config.loading import SHIPPED, load, parsed
from services.scheduling.rules import load_rules
from tests.support.services import ALL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in SHIPPED.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, ClinicFiles)
    return caught.value.problems


def test_the_shipped_configuration_is_good() -> None:
    files = load(SHIPPED, ClinicFiles)
    assert files.scheme.named == "urgency.scheme.au_qld@1"
    assert {category.code: category.target_days for category in files.scheme.values.categories} == {
        "cat_1": 30,
        "cat_2": 90,
        "cat_3": 365,
    }


def test_without_emergency_contacts_nothing_starts(folder: Path) -> None:
    change(folder / "clinic.toml", "[emergency_contacts]", "[emergency_contacts_of_nobody]")
    assert any(problem.startswith("clinic.toml: emergency_contacts: ") for problem in problems(folder))


def test_every_error_of_every_file_is_named_at_once(folder: Path) -> None:
    (folder / "staff.toml").unlink()
    change(folder / "calendar.toml", "America/New_York", "America/Gotham")
    change(folder / "urgency.toml", "target_days = 30\npriority", 'target_days = "soon"\npriority')
    change(folder / "clinic.toml", "[emergency_contacts]", "[emergency_contacts")
    found = problems(folder)
    assert [problem.split(":")[0] for problem in sorted(found)] == [
        "calendar.toml",
        "clinic.toml",
        "staff.toml",
        "urgency.toml",
    ]
    assert any("schemes.AU-QLD.values.categories.0.target_days" in problem for problem in found)


def test_a_key_that_nobody_knows_is_an_error(folder: Path) -> None:
    change(folder / "calendar.toml", 'daily_at = "08:00"', 'daily_at = "08:00"\nlunch_at = "12:00"')
    assert problems(folder) == ("calendar.toml: lunch_at: Extra inputs are not permitted",)


def test_a_scheme_that_does_not_exist_is_named_with_those_that_do(folder: Path) -> None:
    change(folder / "clinic.toml", '"AU-QLD"', '"AU-MARS"')
    [problem] = problems(folder)
    assert "no AU-MARS" in problem
    assert "AU-QLD" in problem


def test_a_verified_rule_without_source_is_refused(folder: Path) -> None:
    url = '["https://www.health.qld.gov.au/cpc/persistent-pain-management/persistent-pain"]'
    change(folder / "red_flags.toml", url, "[]")
    assert any("REF-02 is marked V but names no source_url" in problem for problem in problems(folder))


def test_a_red_flag_without_severity_is_named(folder: Path) -> None:
    text = (folder / "red_flags.toml").read_text()
    (folder / "red_flags.toml").write_text(
        "\n".join(line for line in text.splitlines() if "vascular" not in line)
    )
    assert any("no severity for vascular" in problem for problem in problems(folder))


def test_a_duty_of_somebody_unknown_is_named(folder: Path) -> None:
    change(folder / "staff.toml", 'staff = "sam.whit"', 'staff = "nobody.here"')
    assert any("nobody.here" in problem for problem in problems(folder))


def test_staff_of_an_unknown_location_are_named(folder: Path) -> None:
    change(folder / "clinic.toml", 'code = "north"', 'code = "south"')
    assert problems(folder) == (
        "staff.toml: members: unknown locations of leo.marsh, maya.stein, tomas.reyes",
    )


def test_problems_never_show_the_values(folder: Path) -> None:
    change(folder / "staff.toml", "nora.quinn@harborstreet.example", "not an address of nora")
    assert not any("not an address of nora" in problem for problem in problems(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "scheduling",
            "hold_hours = 48",
            "hold_hours = true",
            "offers.values.hold_hours: true and false mean nothing here",
        ),
        (
            "scheduling",
            "min_dates = 2",
            'min_dates = "2"',
            "offers.values.min_dates: is written without quotes",
        ),
        (
            "scheduling",
            "nobody_sees = [",
            "nobody_sees = [1, ",
            "freed.values.nobody_sees: a number means nothing here",
        ),
        (
            "calendar",
            "known_until = 2027-01-01",
            "known_until = 20270101",
            "known_until: a number means nothing here",
        ),
        (
            "urgency",
            "target_days = 30",
            "target_days = true",
            "target_days: true and false mean nothing here",
        ),
        ("urgency", "target_days = 30", 'target_days = "30"', "target_days: is written without quotes"),
    ],
)
def test_what_is_of_another_kind_is_refused_with_its_field(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    change(folder / f"{file}.toml", old, new)
    with pytest.raises(ConfigurationError) as caught:
        load_rules(folder)
    assert [
        line for line in caught.value.problems if line.startswith(f"{file}.toml: ") and line.endswith(said)
    ]


def test_who_reads_a_file_leaves_it_as_it_is_for_the_next() -> None:
    for service in ALL:
        service.load_rules(SHIPPED)
    texts = [file.read_text("utf-8") for file in SHIPPED.glob("*.toml")]
    assert [parsed(text) for text in texts] == [tomllib.loads(text) for text in texts]
