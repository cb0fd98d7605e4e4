"""Ctrl-C is heard wherever it arrives."""

import signal
from collections.abc import Iterator

import pytest

from cli.stack.children import interruptible


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Whoever started the tests may ignore Ctrl-C: a shell does for what runs beside it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Clearing:
    """Ctrl-C arrives while Python clears this away, where what a handler raises is swallowed."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_in_a_finalizer_is_heard_at_the_end() -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), interruptible():
        Clearing()
        reached = True
    assert reached, "it was swallowed where it arrived"


def test_ctrl_c_elsewhere_is_heard_at_once_and_who_heard_it_before_hears_it_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    with interruptible():
        pass
