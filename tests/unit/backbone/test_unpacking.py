"""What a fetch holds comes out, each record once and in order, whatever is wrong with some of it."""

import struct
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.structs import TopicPartition

from backbone.log.hosts import unpacking
from backbone.log.hosts.inflation import MOST
from backbone.log.hosts.unpacking import Batches, Unpacked
from tests.support.broken_batches import CODECS, batch, checked, flipped, no_text, of_no_codec

PLACE = TopicPartition("referral.events", 0)


def unpacked(*batches: bytes | bytearray, position: int = 0) -> tuple[list[Any], int]:
    """What comes out, and where the next fetch begins."""
    fetched = Batches(bytes(b"".join(batches)))
    found = Unpacked(PLACE, fetched, [], position, None, None, True, fetcher.READ_COMMITTED)
    return list(found), found.next_fetch_offset


def offsets(found: Sequence[Any]) -> list[int]:
    return [each.offset for each in found]


def problems(found: Sequence[Any]) -> list[str]:
    return [each.problem for each in found if isinstance(each, unpacking.Unreadable)]


@pytest.mark.parametrize("codec", CODECS)
def test_sound_batches_of_every_codec_come_out_as_they_are(codec: str) -> None:
    found, position = unpacked(batch([b"a", b"b"], 7, codec), batch([b"c"], 9, codec))
    assert [(each.offset, each.value) for each in found] == [(7, b"a"), (8, b"b"), (9, b"c")]
    assert found[0].headers == (("a header", b"content"), ("null", None))
    assert position == 10


def test_a_part_of_a_batch_at_the_end_is_left_for_the_next_fetch() -> None:
    found, position = unpacked(batch([b"a"]), batch([b"b"], 1)[:40])
    assert (offsets(found), position) == ([0], 1)


@pytest.mark.parametrize("codec", ["none", "zstd"])
def test_a_header_whose_name_is_no_text_keeps_no_record_back(codec: str) -> None:
    odd = batch([b"a", b"b", b"c"], 5)
    no_text(odd)
    found, position = unpacked(batch([b"x"], 4, codec), odd, batch([b"y"], 8, codec), position=4)
    assert [each.value for each in found] == [b"x", b"a", b"b", b"c", b"y"]
    assert (offsets(found), problems(found), position) == ([4, 5, 6, 7, 8], [], 9)
    assert [each.timestamp for each in found[1:4]] == [1_000, 1_001, 1_002]


@pytest.mark.parametrize("spoil", [flipped, of_no_codec])
def test_a_batch_that_can_not_be_unpacked_leaves_its_offsets_and_the_next_ones_come(spoil: Any) -> None:
    broken = batch([b"a", b"b", b"c"], 5)
    spoil(broken)
    found, position = unpacked(batch([b"x"], 4), broken, batch([b"y"], 8), position=4)
    assert (offsets(found), position) == ([4, 7, 8], 9)
    [problem] = problems(found)
    assert problem.startswith("offsets 5 to 7 can't be unpacked")


@pytest.mark.parametrize("codec", ["gzip", "snappy", "lz4", "zstd"])
def test_a_batch_whose_compressed_bytes_are_broken_leaves_its_offsets(codec: str) -> None:
    broken = batch([b"a" * 100, b"b"], 0, codec)
    broken[61:75] = b"\xff" * 14
    checked(broken)
    found, position = unpacked(broken, batch([b"y"], 2))
    assert (offsets(found), len(problems(found)), position) == ([1, 2], 1, 3)


def test_a_record_that_is_broken_in_itself_is_passed_and_the_others_of_its_batch_come() -> None:
    broken = batch([b"first", b"second", b"third"])
    at = broken.index(b"second") - 1
    broken[at] = 0x7E  # its value claims to be longer than the record
    checked(broken)
    found, position = unpacked(broken)
    assert [getattr(each, "value", None) for each in found] == [b"first", None, b"third"]
    assert (offsets(found), position) == ([0, 1, 2], 3)
    assert problems(found)[0].startswith("offsets 1 to 1 can't be unpacked")


def test_a_record_whose_length_is_broken_takes_the_rest_of_its_batch_with_it() -> None:
    broken = batch([b"first", b"second", b"third"])
    length = struct.unpack_from("b", broken, 61)[0] // 2 + 1
    broken[61 + length] = 0x01
    checked(broken)
    found, position = unpacked(broken, batch([b"y"], 3))
    assert (offsets(found), position) == ([0, 2, 3], 4)
    assert problems(found)[0].startswith("offsets 1 to 2 can't be unpacked")


def test_what_does_not_say_where_it_ends_is_passed_offset_by_offset() -> None:
    broken = batch([b"a", b"b"])
    broken[23:27] = struct.pack(">i", 2**30)
    found, position = unpacked(broken)
    assert (offsets(found), position) == ([0], 1)
    found, position = unpacked(broken, position=1)
    assert (offsets(found), position) == ([1], 2)


@pytest.mark.parametrize("length", [-5, 0, 5, 13])
def test_a_length_that_is_none_never_makes_a_fetch_stand_still(length: int) -> None:
    broken = batch([b"a", b"b"], 5)
    broken[8:12] = struct.pack(">i", length)
    found, position = unpacked(broken, position=5)
    assert position > 5
    assert offsets(found)[-1] == position - 1


def test_a_fetch_from_the_middle_of_a_batch_gives_what_is_behind_it() -> None:
    odd = batch([b"a", b"b", b"c"], 5)
    no_text(odd)
    assert offsets(unpacked(odd, position=6)[0]) == [6, 7]


def test_a_batch_that_would_fill_the_memory_leaves_its_offsets() -> None:
    found, position = unpacked(batch([b"\0" * (MOST + 1)], 3, "zstd"), batch([b"y"], 4), position=3)
    assert (offsets(found), len(problems(found)), position) == ([3, 4], 1, 5)


def test_what_is_too_much_at_once_is_left_for_the_next_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_AT_ONCE", 10)
    large = batch([b"a" * 6, b"b" * 6, b"c" * 6], 5, "gzip")
    assert [(offsets(found), end) for found, end in [unpacked(large, position=5)]] == [([5, 6], 7)]
    assert [(offsets(found), end) for found, end in [unpacked(large, position=7)]] == [([7], 8)]
