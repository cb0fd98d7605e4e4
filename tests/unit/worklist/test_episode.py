"""The watch over promise 1: an open episode without a next step is somebody's work after a minute, until it has one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.worklist.v1.episode import EpisodeOwned, EpisodeUnowned
from services.worklist.episode.aggregate import EPISODE
from services.worklist.episode.states import (
    Begin,
    Ended,
    EndEpisode,
    GainStep,
    LookAgain,
    LoseStep,
    Unknown,
    Unowned,
    Watched,
)
from tests.support.deciding import START, Deciding, Situation, deciding, like, nothing
from tests.support.desk import shipped_rules

given: Deciding = deciding(EPISODE, shipped_rules())
BOOKED, CANCELLED = "scheduling.appointment_booked.v1", "scheduling.appointment_cancelled.v1"


def after(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def gain(sequence: int = 1, until: datetime | None = None, name: str = "appointment:1") -> GainStep:
    return GainStep(name, BOOKED, sequence, until)


def lose(sequence: int = 2, name: str = "appointment:1") -> LoseStep:
    return LoseStep(name, CANCELLED, sequence)


def look(seconds: int) -> tuple[Any, ...]:
    """So long after the start, the timer."""
    return after(seconds), LookAgain(after(seconds))


def unowned() -> Situation:
    return given(Begin(), *look(60))


def test_without_a_next_step_it_is_somebody_s_work_after_a_minute() -> None:
    result = given().when(Begin())
    assert {timer.due for timer in result.timers.values()} == {after(60)}
    given(Begin()).when(*look(59)).then(nothing()).then_state(Watched)
    unowned_since = like(EpisodeUnowned, since=START, last_fact="referral.received.v1")
    given(Begin()).when(*look(60)).then(unowned_since).then_state(Unowned)


def test_with_a_next_step_nobody_has_to_look() -> None:
    assert not given(Begin()).when(gain()).timers
    given(Begin(), gain()).when(*look(60)).then(nothing())


def test_a_step_that_is_known_before_the_receipt_counts() -> None:
    given().when(gain()).then().then_state(Unknown)
    assert not given(gain()).when(Begin()).timers


def test_the_last_step_that_is_lost_begins_the_grace_and_is_named() -> None:
    situation = given(Begin(), gain(), after(500), lose())
    situation.when(*look(559)).then(nothing())
    situation.when(*look(560)).then(like(EpisodeUnowned, since=after(500), last_fact=CANCELLED))


def test_losing_what_it_had_not_does_not_begin_the_grace_anew() -> None:
    situation = given(Begin(), after(30), lose(name="plan:1"))
    situation.when(*look(60)).then(like(EpisodeUnowned, since=START))


def test_one_step_of_two_is_enough() -> None:
    assert not given(Begin(), gain(), gain(name="plan:1")).when(lose()).timers


def test_an_appointment_counts_until_its_end() -> None:
    situation = given(Begin(), gain(until=after(1800)))
    situation.when(*look(1799)).then(nothing())
    over = situation.when(*look(1800)).then()
    assert {timer.due for timer in over.timers.values()} == {after(1860)}
    situation.when(*look(1860)).then(like(EpisodeUnowned, since=after(1800), last_fact="timer"))


def test_a_moved_appointment_counts_until_its_new_end() -> None:
    moved = given(Begin(), gain(until=after(1800)), gain(2, until=after(3600)))
    moved.when(*look(1800)).then(nothing())


def test_it_is_owned_again_when_it_has_a_next_step() -> None:
    result = unowned().when(gain(until=after(4000))).then(EpisodeOwned).then_state(Watched)
    assert {timer.due for timer in result.timers.values()} == {after(4000)}


def test_a_step_that_is_over_already_owns_nothing() -> None:
    unowned().when(gain(until=after(30))).then().then_state(Unowned)


def test_an_older_fact_changes_nothing() -> None:
    given(Begin(), gain(3)).when(lose(2)).then(nothing())
    given(Begin(), gain(), lose()).when(gain(1)).then(nothing())


@pytest.mark.parametrize("steps", [(), (Begin(),), (Begin(), gain())])
def test_the_end_of_the_referral_ends_the_watch(steps: Any) -> None:
    result = given(*steps).when(EndEpisode(START)).then().then_state(Ended)
    assert not result.timers
    ended = given(*steps, EndEpisode(START))
    for command in (Begin(), gain(9), lose(9), EndEpisode(START), LookAgain(START)):
        ended.when(command).then(nothing()).then_state(Ended)


def test_an_episode_that_was_unowned_is_owned_by_its_end() -> None:
    unowned().when(EndEpisode(START)).then(EpisodeOwned)
