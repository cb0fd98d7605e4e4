"""Batches of records that no well-kept producer writes, and disks that forget."""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

CHECKED_FROM = 21
CODEC_AT = 22
"""The low byte of a batch's attributes."""
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
Spoil = Callable[[bytearray], None]


def batch(
    values: Sequence[bytes], first: int = 0, codec: str = "none", header: str = "a header"
) -> bytearray:
    """Bytes as a broker keeps them."""
    builder = DefaultRecordBatchBuilder(2, CODECS[codec], 0, -1, -1, 0, 100_000_000)
    for n, value in enumerate(values):
        builder.append(n, 1_000 + n, b"key", value, [(header, b"content"), ("null", None)])
    made = bytearray(builder.build())
    made[:8] = struct.pack(">q", first)
    return made


def checked(made: bytearray) -> None:
    """What was changed is as if it had been meant."""
    made[17:21] = struct.pack(">I", calc_crc32c(bytes(made[CHECKED_FROM:])))


def no_text(made: bytearray) -> None:
    """The name of a header is not UTF-8."""
    at = made.index(b"a header")
    made[at : at + 2] = b"\xff\xfe"
    checked(made)


def of_no_codec(made: bytearray) -> None:
    made[CODEC_AT] |= 7
    checked(made)


def flipped(made: bytearray) -> None:
    """A bit is not as it was written."""
    made[-1] ^= 1


class Spoiled(BatchBuilder):  # type: ignore[misc]
    """A batch that is changed on its way to the broker."""

    def __init__(self, spoil: Spoil) -> None:
        super().__init__(1_000_000, 0)
        self._spoil = spoil

    def _build(self) -> bytearray:
        made = bytearray(super()._build())
        self._spoil(made)
        self._buffer = made
        return made


async def write_spoiled(kafka: str, topic: str, values: Sequence[bytes], spoil: Spoil) -> None:
    """One batch into partition 0."""
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        made = Spoiled(spoil)
        for value in values:
            made.append(timestamp=None, key=b"key", value=value, headers=[("a header", b"content")])
        made.close()
        await (await producer.send_batch(made, topic, partition=0))


def spoil_on_disk(data: Path, topic: str, value: bytes, spoil: Spoil) -> None:
    """The batch with this value in the log of partition 0 is no longer what the broker wrote."""
    [log] = (data / f"{topic}-0").glob("*.log")
    content = log.read_bytes()
    start = 0
    while True:
        end = start + 12 + struct.unpack_from(">i", content, start + 8)[0]
        if value in content[start:end]:
            break
        start = end
    made = bytearray(content[start:end])
    spoil(made)
    with log.open("r+b") as file:
        file.seek(start)
        file.write(made)
