"""What the doctor makes of what it was told: clocks, versions, certificates, disks, how far a service is behind."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from backbone.settings import Settings
from cli.__main__ import app
from cli.doctor import here
from cli.doctor.broker import behind, of_copies, of_count, of_offsets, of_topic
from cli.doctor.database import of_version
from cli.doctor.finding import Finding, code_of, fails, ok, told, warns
from schemas.topics import REFERRAL_INTAKE

NOW = datetime(2027, 1, 4, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ahead", "verdict"), [(0, "ok"), (3, "ok"), (-2, "ok"), (9, "fails"), (-9, "fails")]
)
def test_a_clock_may_differ_by_two_seconds_and_what_the_question_took(ahead: float, verdict: str) -> None:
    found = here.of_clock("the database", NOW + ahead * SECOND, NOW, NOW + SECOND)
    assert found.verdict == verdict
    assert ("NTP" in found.says) == (verdict == "fails")


@pytest.mark.parametrize(("days", "verdict"), [(-1, "fails"), (0, "fails"), (29, "warns"), (30, "ok")])
def test_a_certificate_is_asked_for_a_month_before_it_ends(days: int, verdict: str) -> None:
    assert here.of_end("ours", NOW + timedelta(days=days), NOW).verdict == verdict


def test_the_end_of_a_servers_certificate_is_read_as_it_is_told() -> None:
    assert here.ended("Jan  4 14:00:00 2027 GMT") == NOW


@pytest.mark.parametrize(("free", "verdict"), [(1, "fails"), (5, "warns"), (50, "ok")])
def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, free: int, verdict: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=100, free=free))
    assert here.of_disk(Path("/")).verdict == verdict


@pytest.mark.parametrize(("major", "verdict"), [(14, "fails"), (15, "ok"), (18, "ok")])
def test_an_old_server_is_said(major: int, verdict: str) -> None:
    row = {"version": f"{major}.1", "major": major, "role": "runs", "size": "9 MB"}
    assert of_version(row).verdict == verdict


def test_who_is_far_behind_is_told_so_and_who_is_ahead_of_kafka_too() -> None:
    place = ("referral.events", 3)
    assert [each.verdict for each in behind({place: 10}, {place: 1010})] == ["ok"]
    assert [each.verdict for each in behind({place: 10}, {place: 1011})] == ["warns"]
    assert [each.verdict for each in behind({place: 11}, {place: 10})] == ["fails", "ok"]


def test_copies_that_are_behind_and_what_we_may_not_see_are_said() -> None:
    [copies] = of_copies(REFERRAL_INTAKE, [{"replicas": [1, 2, 3], "isr": [1, 2]}], 3, is_grave=True)
    assert copies == warns("referral.intake", "some copies are behind: is a broker down?")
    rows = [{"replicas": [1, 2, 3], "isr": [1, 2, 3]}] * 12
    [unseen] = of_topic(
        REFERRAL_INTAKE, rows, None, Settings.model_construct(partitions=12, replication=3), is_grave=True
    )
    assert unseen.says.startswith("we may not see all of it")
    assert [
        of_count(*said).verdict for said in ((3, 3, True), (1, 3, True), (1, 3, False), (1, 1, True))
    ] == [
        "ok",
        "fails",
        "warns",
        "warns",
    ]
    assert [each.verdict for each in of_offsets({"offsets.retention.minutes": "60"})] == ["warns"]
    assert [*of_offsets({"offsets.retention.minutes": "10080"})] == []


def test_the_worst_is_said_first_and_only_what_fails_ends_with_a_code() -> None:
    found = [ok("a", "well"), Finding("fails", "b", "ill"), warns("c", "soon")]
    assert [line.split()[0] for line in told("referral", found, as_json=False)] == ["fails", "warns", "ok"]
    assert (code_of(found), code_of([ok("a", ""), warns("b", "")]), code_of([fails("a", "")])) == (1, 0, 1)


def test_whose_settings_they_are_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUDDLE_DATABASE_URL", "postgresql://runs@db/referral")
    asked = CliRunner().invoke(app, ["doctor"])
    assert (asked.exit_code, "Say whose it is: --service referral|" in asked.stderr) == (1, True)
    monkeypatch.setenv("HUDDLE_PARTITIONS", "0")
    asked = CliRunner().invoke(app, ["doctor", "--service", "referral"])
    assert (asked.exit_code, asked.stdout.split()[:3]) == (1, ["fails", "referral", "settings"])
    assert CliRunner().invoke(app, ["doctor", "--service", "nobody"]).exit_code == 1
