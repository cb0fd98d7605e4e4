"""Deterministic ids: a retry computes the same ones. The only place that makes random ones."""

import hmac
import re
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

import uuid_utils
from aiokafka.partitioner import murmur2


def derive(namespace_id: str, name: str) -> str:
    """uuid5(namespace, name), as a canonical string."""
    return str(uuid_utils.uuid5(uuid_utils.UUID(namespace_id), name))


def command_id(cause_id: str, tag: str, target: str) -> str:
    """The id of a command: its cause, its frozen tag, its target."""
    return derive(cause_id, f"{tag}:{target}")


def fact_id(command: str, aggregate_id: str, index: int) -> str:
    """The id of the n-th fact (from 1) that a command made of an aggregate."""
    return derive(command, f"{aggregate_id}:{index}")


CANONICAL = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def identifier(text: str) -> str:
    """A canonical lower-case UUID. Raises ValueError."""
    if not CANONICAL.fullmatch(text):
        raise ValueError("not a canonical UUID")
    return text


ROOT = "6f0c5a3e-6f3b-5d0c-9b7e-0a4f2f2f9d51"
"""The namespace of ids that have no other cause."""


def timer_cause(timer: tuple[str, str, str], due: datetime) -> str:
    """A timer's cause is the timer (kind and id of its aggregate, its name) and the time at which it was due."""
    kind, aggregate_id, name = timer
    return derive(aggregate_id, f"timer:{kind}:{name}:{due.astimezone(UTC).isoformat()}")


def record_cause(topic: str, partition: int, offset: int) -> str:
    """The cause of what has no id of its own: its coordinates. `topic` is best Kafka's id of it, else its name."""
    return derive(ROOT, f"{topic}:{partition}:{offset}")


def keyed_hash(secret: bytes, kind: str, key: str) -> bytes:
    """What is stored of a key of the outside world: HMAC-SHA-256 under the deployment's secret."""
    return hmac.digest(secret, f"{kind}\x1f{key}".encode(), sha256)


def keyed_id(secret: bytes, kind: str, key: str) -> str:
    """An opaque id for a key of the outside world; without the secret nobody can compute it."""
    digest = hmac.digest(secret, f"id\x1f{kind}\x1f{key}".encode(), sha256)
    return str(uuid.UUID(bytes=digest[:16], version=5))


def random_id() -> str:
    """A random id, for what no retry has to meet again."""
    return str(uuid.uuid4())


@lru_cache(maxsize=262_144)
def partition_of(key: str, partitions: int) -> int:
    """The partition that Kafka's default partitioner gives the key, in Java clients too (murmur2)."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)
