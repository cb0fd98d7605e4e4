"""Refuses what is small while it is packed and would fill the memory when it is not: 1 KiB of zstd may hold 32 MiB."""

import mmap
import struct
import zlib
from collections.abc import Callable, Mapping

import cramjam

MOST = 32 * 1024 * 1024
"""Bytes of a batch when it is unpacked. A batch of a megabyte, which brokers take by default, has 10 to 20 of JSON."""
CHUNK = 1024 * 1024
GZIP = 16 + zlib.MAX_WBITS
XERIAL = b"\x82SNAPPY\0"
"""How Java's snappy begins: a head of 16 bytes, then blocks behind their lengths."""


class TooLarge(Exception):
    """More than may be unpacked at once."""


def of_gzip(packed: bytes) -> int:
    size = 0
    while packed and size <= MOST:
        member = zlib.decompressobj(GZIP)
        while not member.eof and size <= MOST:
            found = member.decompress(packed, CHUNK)
            size, packed = size + len(found), member.unconsumed_tail
            if not found and not packed and not member.eof:
                raise EOFError("cut off")
        packed = member.unused_data
    return size


def of_snappy(packed: bytes) -> int:
    if not packed.startswith(XERIAL):
        return int(cramjam.snappy.decompress_raw_len(packed))
    size, at = 0, 16
    while at < len(packed):
        [length] = struct.unpack_from(">i", packed, at)
        if length <= 0:
            raise EOFError("a block's length")
        size += int(cramjam.snappy.decompress_raw_len(packed[at + 4 : at + 4 + length]))
        at += 4 + length
    return size


def into_room(unpack: Callable[[bytes, mmap.mmap], int]) -> Callable[[bytes], int]:
    """By unpacking it into no more room than there may be: pages that are not written to cost nothing."""

    def size(packed: bytes) -> int:
        with mmap.mmap(-1, MOST) as room:
            return int(unpack(packed, room))

    return size


CODECS: Mapping[int, tuple[int, Callable[[bytes], int]]] = {
    1: (1_032, of_gzip),
    2: (MOST, of_snappy),
    3: (255, into_room(cramjam.lz4.decompress_into)),
    4: (33_000, into_room(cramjam.zstd.decompress_into)),
}
"""Of each codec: how many times its size a packed text may have at most, and how to find out without memory.

Snappy says its size beforehand, and may lie.
"""


def check(codec: int, packed: bytes) -> None:
    """Raises TooLarge, or what the codec says of bytes that are none of its own, or would need more room."""
    ratio, size = CODECS.get(codec, (0, len))
    if len(packed) * ratio > MOST and size(packed) > MOST:
        raise TooLarge(f"more than {MOST // 1024 // 1024} MiB")
