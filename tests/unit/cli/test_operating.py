"""What operations staff type about records that wait: in which service, and with which exit code."""

import httpx
import pytest
import typer

from cli import operating

PARKED = [("junk", "programming_error"), ("more/junk", "programming_error"), ("strange", "unknown_code")]
SERVICES = [("referral", "http://referral"), ("worklist", "http://worklist")]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two services with a record each of some keys that can't be handled; what was posted to them."""
    posted: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            waits = (
                [{"key": key, "records": 1, "reason": reason} for key, reason in PARKED]
                if request.url.path == "/dead-letters"
                else []
            )
            return httpx.Response(200, json=waits)
        posted.append(str(request.url))
        return httpx.Response(200, json={"handled": 0, "waiting": 1, "error": "Unparsable", "skipped": "r1"})

    monkeypatch.setattr(operating, "operations", lambda: httpx.Client(transport=httpx.MockTransport(answer)))
    monkeypatch.setattr(
        operating, "chosen", lambda name: [each for each in SERVICES if name in (None, each[0])]
    )
    return posted


def test_a_record_is_dropped_in_the_service_that_was_named(asked: list[str]) -> None:
    operating.skip_key("junk", "worklist")
    assert asked == ["http://worklist/dead-letters/junk/skip"]


def test_where_several_hold_it_nothing_is_dropped_until_one_is_named(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        operating.skip_key("junk", None)
    assert ended.value.exit_code == 1 and asked == []
    assert "waits in referral, worklist" in capsys.readouterr().err


def test_what_still_waits_after_a_retry_is_an_exit_code(asked: list[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        operating.retry_key("junk", None)
    assert ended.value.exit_code == 1 and len(asked) == 2


def test_what_was_parked_for_one_reason_is_tried_again_together(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One mistake of ours parks hundreds: who has mended it types one line."""
    with pytest.raises(typer.Exit) as ended:
        operating.retry_reason("programming_error", "worklist")
    assert asked == [f"http://worklist/dead-letters/{key}/retry" for key in ("junk", "more%2Fjunk")]
    assert "2 keys retried: 0 records handled, 2 still wait" in capsys.readouterr().out
    assert ended.value.exit_code == 1


def test_what_can_never_be_read_is_dropped_together_and_the_rest_goes_on(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A producer that sends what nobody reads parks hundreds: who has asked it types one line."""
    with pytest.raises(typer.Exit):
        operating.skip_reason("programming_error", "worklist")
    assert asked == [
        f"http://worklist/dead-letters/{key}/{what}"
        for key in ("junk", "more%2Fjunk")
        for what in ("skip", "retry")
    ]
    assert "2 records dropped, one of each key" in capsys.readouterr().out


def test_nothing_is_dropped_for_a_reason_until_a_service_is_named(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        operating.skip_reason("programming_error", None)
    assert asked == [] and "--service" in capsys.readouterr().err


def test_where_nothing_is_parked_for_a_reason_that_is_said(asked: list[str]) -> None:
    with pytest.raises(typer.Exit):
        operating.retry_reason("unparsable", None)
    assert asked == []
