"""What would fill the memory is refused before it does, in every codec; what is sound passes."""

import gzip
import resource
import struct
from collections.abc import Callable

import cramjam
import pytest

from backbone.log.hosts import inflation
from backbone.log.hosts.inflation import MOST, TooLarge, check

HUGE = b"\0" * (MOST + 1)
SOUND = b'{"sound":"text"}' * 1_000


def xerial(text: bytes) -> bytes:
    blocks = [bytes(cramjam.snappy.compress_raw(text[n : n + 32_768])) for n in range(0, len(text), 32_768)]
    head = inflation.XERIAL + struct.pack(">ii", 1, 1)
    return head + b"".join(struct.pack(">i", len(block)) + block for block in blocks)


PACK: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "gzip": (1, gzip.compress),
    "gzip-members": (
        1,
        lambda text: gzip.compress(text[: len(text) // 2]) + gzip.compress(text[len(text) // 2 :]),
    ),
    "snappy": (2, lambda text: bytes(cramjam.snappy.compress_raw(text))),
    "xerial": (2, xerial),
    "lz4": (3, lambda text: bytes(cramjam.lz4.compress(text))),
    "zstd": (4, lambda text: bytes(cramjam.zstd.compress(text))),
    "zstd-frames": (4, lambda text: bytes(cramjam.zstd.compress(text[: len(text) // 2])) * 2),
}
EACH = pytest.mark.parametrize(("codec", "pack"), PACK.values(), ids=PACK)


@EACH
def test_what_is_sound_passes(codec: int, pack: Callable[[bytes], bytes]) -> None:
    check(codec, pack(SOUND))
    check(codec, pack(SOUND * 1_000))


@EACH
def test_what_is_too_large_is_refused_without_its_memory(codec: int, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(HUGE + HUGE)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises((TooLarge, cramjam.DecompressionError)):
        check(codec, packed)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2 * MOST / 1024
