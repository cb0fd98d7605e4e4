"""A session in pieces of a cookie: it opens as it was written, ends idle or absolutely, and can be ended."""

import pytest

from backbone.http.identity import Principal
from board.sealing import Seal
from board.sessions import MOST_PIECES, PIECE, SEEN_SECONDS, Cookie, Ends, Session, Sessions, Tokens

JO = Principal("user", "10000000-0000-4000-8000-000000000001", ("nurse",), ("nursing",), "Jo Park")
SEAL = Seal(["s" * 32], "session")
IDLE, ABSOLUTE = 3600, 12 * 3600


class Time:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def sessions(time: Time) -> Sessions:
    return Sessions(SEAL, Ends(IDLE, ABSOLUTE), time, encrypted=False)


def begun(sessions: Sessions, size: int = 10) -> Session:
    return sessions.begin(JO, Tokens("t" * size, sessions.now() + 300))


def jar(sessions: Sessions, session: Session | None) -> dict[str, str]:
    return {cookie.name: cookie.value for cookie in sessions.written(session, ())}


@pytest.mark.parametrize("size", [10, PIECE, 3 * PIECE])
def test_however_long_its_tokens_are_it_opens_as_it_was(sessions: Sessions, size: int) -> None:
    session = begun(sessions, size)
    assert sessions.of(jar(sessions, session)) == session
    assert all(len(value) <= PIECE for value in jar(sessions, session).values())


def test_tokens_that_no_browser_keeps_are_refused(sessions: Sessions) -> None:
    with pytest.raises(ValueError, match="too large"):
        sessions.written(begun(sessions, MOST_PIECES * PIECE), ())


def test_pieces_that_are_not_needed_any_more_are_forgotten_and_no_others_cookie_is(
    sessions: Sessions,
) -> None:
    there = [*jar(sessions, begun(sessions, 3 * PIECE)), "theme"]
    forgotten = [each for each in sessions.written(begun(sessions), there) if not each.value]
    assert [each.name for each in forgotten] == [
        f"huddle_board.{number}" for number in range(1, len(there) - 1)
    ]
    assert all("Max-Age=0" in each.header(encrypted=True) for each in forgotten)


def test_a_piece_that_is_missing_or_of_another_session_is_nobody(sessions: Sessions) -> None:
    one, other = (jar(sessions, begun(sessions, 2 * PIECE)) for _ in range(2))
    assert sessions.of({"huddle_board.0": one["huddle_board.0"]}) is None
    assert sessions.of({**one, "huddle_board.0": other["huddle_board.0"]}) is None


def test_what_a_version_before_has_sealed_is_nobody(sessions: Sessions) -> None:
    assert sessions.of({"huddle_board.0": SEAL.close(b'{"id": "1"}')}) is None


def test_it_ends_when_nobody_was_there_for_so_long(sessions: Sessions, time: Time) -> None:
    cookies = jar(sessions, begun(sessions))
    time.now += IDLE - 1
    assert sessions.of(cookies)
    time.now += 1
    assert sessions.of(cookies) is None


def test_whoever_is_there_goes_on_until_the_absolute_end(sessions: Sessions, time: Time) -> None:
    session = begun(sessions)
    for _ in range(ABSOLUTE // (IDLE - 60)):
        time.now += IDLE - 60
        session = sessions.attended(session)
        assert sessions.is_on(session)
    time.now = session.begun + ABSOLUTE
    assert not sessions.is_on(sessions.attended(session))


def test_a_cookie_is_not_written_anew_for_every_click(sessions: Sessions, time: Time) -> None:
    session = begun(sessions)
    time.now += SEEN_SECONDS - 1
    assert sessions.attended(session) is session


def test_one_that_was_ended_is_nobody_also_as_a_copy_and_is_remembered_until_its_end(
    sessions: Sessions, time: Time
) -> None:
    session = begun(sessions)
    copy = jar(sessions, session)
    sessions.forget(session)
    assert sessions.of(copy) is None and sessions.is_ended(session)
    time.now += ABSOLUTE
    sessions.forget(begun(sessions))
    assert not sessions.is_ended(session)


def test_no_script_reads_it_and_behind_https_it_belongs_to_the_host(time: Time) -> None:
    sessions = Sessions(SEAL, Ends(IDLE, ABSOLUTE), time, encrypted=True)
    [cookie] = sessions.written(begun(sessions), ())
    assert cookie.name == "__Host-huddle_board.0"
    assert cookie.header(encrypted=True).endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")
    assert Cookie("a", "b", seconds=600).header(encrypted=False).endswith("SameSite=Strict; Max-Age=600")
