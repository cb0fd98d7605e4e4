"""What a library repeats is let through once in a while; what is ours always."""

import logging

from backbone.telemetry import ThrottledRecords


def said(filter_: ThrottledRecords, name: str, message: str) -> bool:
    return filter_.filter(logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), None))


def test_a_repeated_line_of_a_library_passes_once():
    throttled = ThrottledRecords(seconds=3600)
    assert [said(throttled, "aiokafka", "Unable to connect") for _ in range(3)] == [True, False, False]


def test_other_lines_and_other_libraries_pass_meanwhile():
    throttled = ThrottledRecords(seconds=3600)
    assert said(throttled, "aiokafka", "Unable to connect")
    assert said(throttled, "aiokafka", "Connected")
    assert said(throttled, "faust", "Unable to connect")


def test_our_own_lines_always_pass():
    throttled = ThrottledRecords(seconds=3600)
    assert all(said(throttled, "huddle", "stopped") for _ in range(3))


def test_a_line_passes_again_when_its_time_is_over():
    throttled = ThrottledRecords(seconds=0)
    assert all(said(throttled, "aiokafka", "Unable to connect") for _ in range(2))
