"""The rules of the house hold in every file; and each rule is seen to fail on a planted offence."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backbone.telemetry import SAID
from tests.support import house_rules as rules

ROOT = Path(__file__).parent.parent.parent
OURS = ("schemas", "config", "backbone", "services", "board", "cli", "simulator", "bench")
NOT_OURS = {".venv", ".git", ".huddle", ".hypothesis", "build", "__pycache__", ".coverage"}
TEXT = {
    ".py",
    ".sql",
    ".toml",
    ".txt",
    ".md",
    ".yml",
    ".yaml",
    ".json",
    ".xml",
    ".sh",
    ".patch",
    ".properties",
    "",
}


def sources(*folders: str, ending: str = ".py") -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(f"*{ending}"))


def every_text_file() -> Iterator[Path]:
    for folder, below, files in os.walk(ROOT):
        below[:] = [
            name for name in below if name not in NOT_OURS and not name.endswith(("_cache", ".egg-info"))
        ]
        yield from (
            Path(folder) / name for name in files if Path(name).suffix in TEXT and name not in NOT_OURS
        )


def offences(files: Iterator[Path] | list[Path], rule: Callable[[str], list[str]]) -> dict[str, list[str]]:
    found = {str(file.relative_to(ROOT)): rule(file.read_text(errors="replace")) for file in files}
    return {file: said for file, said in found.items() if said}


def test_no_file_is_longer_than_300_lines():
    assert offences(sources(*OURS, "tests"), rules.long_file) == {}
    assert rules.long_file("x = 1\n" * 301)


def test_no_function_is_longer_than_40_lines():
    told_in_one_piece = set(
        sources("tests/e2e", "tests/component/hard_days")
    )  # journeys, and days of a clinic
    files = [file for file in sources(*OURS, "tests") if file not in told_in_one_piece]
    assert offences(files, rules.long_functions) == {}
    assert rules.long_functions("def f():\n" + "    x = 1\n" * 40) == ["f has 41 lines"]


def test_only_the_clock_reads_the_clock():
    files = [file for file in sources(*OURS) if file != ROOT / "backbone/clock.py"]
    assert offences(files, lambda source: rules.uses(source, rules.CLOCKS)) == {}


@pytest.mark.parametrize(
    "planted",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime as d\nd.now()",
        "import time as t\nt.time()",
        "from time import time\ntime()",
        "from datetime import date\ndate.today()",
        "from datetime import datetime\nnow = datetime.now",
    ],
)
def test_a_planted_clock_is_found(planted):
    assert rules.uses(planted, rules.CLOCKS)


def test_only_the_ids_module_makes_random_ids():
    files = [file for file in sources(*OURS) if file != ROOT / "backbone/ids.py"]
    assert offences(files, lambda source: rules.uses(source, rules.RANDOM_IDS)) == {}
    assert rules.uses("from uuid import uuid4 as new\nnew()", rules.RANDOM_IDS)
    assert not rules.uses("import time\ntime.monotonic()", rules.CLOCKS | rules.RANDOM_IDS)


def test_only_the_brokers_say_where_kafka_is_and_who_asks():
    """A client that is made otherwise would speak plain text."""
    files = [file for file in sources("backbone", "services", "cli") if file != ROOT / "backbone/brokers.py"]
    assert offences(files, rules.own_ways_to_kafka) == {}
    assert rules.own_ways_to_kafka(
        "AIOKafkaConsumer(group_id='x')\nAIOKafkaProducer(**brokers.arguments)"
    ) == ["AIOKafkaConsumer in line 1"]


ENVELOPE = {"patient", "patient_id", "referral_id", "ce_patientid", "ce_referralid"}
ACTORS = {"patient", "referrer"}
"""Kinds of actors, in the envelope and in tokens."""
CLAIMS = {"disciplines"}
"""What a token says of a member of staff."""

ALLOWED = {
    "backbone/model/wire.py": ENVELOPE,
    "backbone/log/arrivals.py": ENVELOPE | ACTORS,
    "backbone/http/identity.py": ACTORS | CLAIMS,
    "backbone/http/access.py": ACTORS,
    "backbone/http/accounting.py": {"patients", "patient_id"},
    "backbone/http/accesses.py": {"patients", "patient_id"},
    "backbone/http/contents.py": {"patients", "patient", "patient_id"},
    "backbone/http/disclosure.py": {"patient_id"},
    "backbone/http/documentation.py": ENVELOPE,
    "backbone/http/headers.py": {"referrer"},  # of HTTP
    "backbone/http/listing.py": ENVELOPE,
    "backbone/http/resources.py": ENVELOPE | CLAIMS,
    "backbone/model/head.py": CLAIMS,
    "backbone/model/rights.py": CLAIMS,
}


def test_the_runtime_knows_no_word_of_the_clinic():
    found = {}
    for file in sources("backbone"):
        name = str(file.relative_to(ROOT))
        if said := rules.business_words(file.read_text(), ALLOWED.get(name, set())):
            found[name] = said
    assert found == {}
    assert offences(sources("backbone", ending=".sql"), rules.business_words_in_sql) == {}


@pytest.mark.parametrize(
    "planted",
    [
        "def f(referral): ...",
        "topic = 'referral.events'",
        "class NurseQueue: ...",
        "f(patient_key=1)",
        "x.triage",
        "from services.worklist import service",
    ],
)
def test_a_planted_word_of_the_clinic_is_found(planted):
    assert rules.business_words(planted, {"patient"})
    assert rules.business_words_in_sql("CREATE TABLE patient (id uuid)")
    assert not rules.business_words('"""What a nurse sees."""\nx = "patient"', {"patient"})


def test_every_module_opens_with_a_sentence():
    assert offences(sources(*OURS), rules.opens_without_a_sentence) == {}
    assert rules.opens_without_a_sentence("x = 1")


def test_no_module_has_an_empty_name():
    assert [str(file) for file in sources(*OURS, "tests") if file.stem in rules.EMPTY_NAMES] == []


def test_nothing_names_a_machine_or_a_package_index():
    assert offences(every_text_file(), rules.names_a_machine) == {}


@pytest.mark.parametrize(
    "planted",
    [
        "see ../sha" + "red/design.md",
        "cd /wo" + "rk/main",
        "--index" + "-url https://example.org",
        "https://example.org/simp" + "le/ ",
        "<url>https://example.org/maven" + "2</url>",
    ],
)
def test_a_planted_machine_is_found(planted):
    assert rules.names_a_machine(planted)


def test_what_is_logged_is_on_the_list_of_what_lines_say():
    files = sources("backbone", "services", "board")
    assert offences(files, lambda source: rules.says_what_is_left_out(source, SAID)) == {}
    assert rules.says_what_is_left_out('log.error("x", extra=of(it) | {"topic": 1, "who": 2})', SAID) == [
        "who"
    ]
