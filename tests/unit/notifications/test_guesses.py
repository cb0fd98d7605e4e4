"""Wrong codes of one sender: how many, and until when none of theirs is taken."""

from datetime import datetime, timedelta

import pytest

from backbone.ids import ROOT, derive
from services.notifications.guesses.aggregate import (
    GUESSES,
    CheckKey,
    CountWrongCode,
    Guessed,
    NoGuesses,
    is_shut_out,
)
from services.notifications.guesses.facts import WrongCodeCounted
from tests.support.deciding import START, deciding, like, nothing, refused
from tests.unit.notifications.situations import rules

given = deciding(GUESSES, rules())
RULE = rules().notifications.reply_codes.values
OVER = START + timedelta(minutes=RULE.within_minutes)
TEXTS = tuple(derive(ROOT, f"text {number}") for number in range(RULE.wrong_codes))
ONE_MORE = derive(ROOT, "one more text")


def wrong(text: str) -> CountWrongCode:
    return CountWrongCode(inbound_id=text)


def test_the_first_wrong_code_begins_the_window_and_others_count_in_it() -> None:
    given().when(wrong(ONE_MORE)).then(like(WrongCodeCounted, inbound_id=ONE_MORE, since=START))
    later = START + timedelta(minutes=1)
    given(wrong(TEXTS[0]), later).when(wrong(ONE_MORE)).then(like(WrongCodeCounted, since=START))


def test_a_text_that_is_told_again_counts_once() -> None:
    given(wrong(TEXTS[0])).when(wrong(TEXTS[0])).then(nothing())


def test_beyond_the_limit_nothing_more_is_kept_until_the_window_is_over() -> None:
    guessed = [wrong(text) for text in TEXTS]
    given(*guessed).when(wrong(ONE_MORE)).then(nothing())
    given(*guessed, OVER - timedelta(seconds=1)).when(wrong(ONE_MORE)).then(nothing())
    given(*guessed, OVER).when(wrong(ONE_MORE)).then(like(WrongCodeCounted, since=OVER))


def test_what_was_counted_in_a_window_that_is_over_is_forgotten() -> None:
    new = WrongCodeCounted(inbound_id=ONE_MORE, since=OVER)
    given(Guessed(START, TEXTS), new, OVER).when(wrong(TEXTS[0])).then(like(WrongCodeCounted, since=OVER))


@pytest.mark.parametrize(
    ("texts", "at", "shut_out"),
    [
        (TEXTS, START, True),
        (TEXTS, OVER - timedelta(seconds=1), True),
        (TEXTS, OVER, False),
        (TEXTS[1:], START, False),
    ],
)
def test_who_guessed_as_often_as_is_allowed_is_shut_out_for_the_window(
    texts: tuple[str, ...], at: datetime, shut_out: bool
) -> None:
    assert is_shut_out(Guessed(START, texts), at, RULE) is shut_out


def test_beyond_the_limit_a_code_counts_with_the_key_only_that_the_last_wrong_one_was_answered_by() -> None:
    situation = given(*(wrong(text) for text in TEXTS))
    key = situation.world.state.key
    assert key is not None and len(key) == 8
    situation.when(CheckKey(key=key)).then(nothing())
    situation.when(CheckKey()).then(refused(code="shut-out"))
    situation.when(CheckKey(key="00000000")).then(refused(code="shut-out"))
    situation.when(OVER, CheckKey()).then(nothing())


def test_below_the_limit_no_key_is_needed() -> None:
    given(*(wrong(text) for text in TEXTS[1:])).when(CheckKey()).then(nothing())


def test_who_never_guessed_is_not_shut_out() -> None:
    assert not is_shut_out(NoGuesses(), START, RULE)
