"""What is sealed here opens here, for its purpose, under the secret of now or before; anything else is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.sealing import Seal

OLD, NEW = "o" * 32, "n" * 32


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_as_it_was_and_does_not_show(plain: bytes) -> None:
    sealed = Seal([NEW], "session").close(plain)
    assert Seal([NEW], "session").open(sealed) == plain
    assert len(plain) < 8 or plain not in sealed.encode()


def test_a_new_secret_opens_what_the_one_before_sealed_and_not_the_other_way() -> None:
    assert Seal([NEW, OLD], "session").open(Seal([OLD], "session").close(b"it")) == b"it"
    assert Seal([OLD], "session").open(Seal([NEW, OLD], "session").close(b"it")) is None


def test_of_another_purpose_it_is_nothing() -> None:
    assert Seal([NEW], "sign-in").open(Seal([NEW], "session").close(b"it")) is None


@pytest.mark.parametrize("broken", ["", "x", "a.b.c.d.e", "....", "\u00e4", "e30.e30.e30.e30.e30"])
def test_what_nobody_sealed_is_nothing(broken: str) -> None:
    assert Seal([NEW], "session").open(broken) is None


@given(st.data())
def test_with_one_character_changed_it_is_nothing(data: st.DataObject) -> None:
    sealed = Seal([NEW], "session").close(b"who it is")
    at = data.draw(st.integers(0, sealed.rindex(".") - 1))
    other = "A" if sealed[at] != "A" else "B"
    assert Seal([NEW], "session").open(sealed[:at] + other + sealed[at + 1 :]) is None
