"""Huddle refuses to start on anything but what its seams were proved on."""

import faust
import pytest

from backbone.errors import Fatal
from backbone.log import pinned
from backbone.log.hosts import seams


def test_the_installed_versions_are_those_it_was_proved_on():
    seams.check_seams()


@pytest.mark.parametrize("package", sorted(pinned.PINNED))
def test_another_version_is_refused_by_name(monkeypatch, package):
    monkeypatch.setitem(pinned.PINNED, package, "0.0.1")
    with pytest.raises(Fatal, match=rf"{package} .* is installed, but .* 0\.0\.1 only"):
        seams.check_seams()


def test_faust_without_its_compiled_parts_is_refused(monkeypatch):
    monkeypatch.setattr(faust.streams, "_CStreamIterator", None)
    with pytest.raises(Fatal, match="without its compiled parts"):
        seams.check_seams()


def test_nobody_refuses_a_thread_that_has_not_begun():
    """On a busy machine the watch looks before the consumer's thread has made its consumer."""
    thread = object.__new__(seams.ConsumerThread)
    assert thread.denied() is None
