"""What wraps the keys of patients: master keys that are told to a process, or another way behind the same port."""

import os
from base64 import b64decode
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backbone.errors import UnusableSettings

BYTES = 32
NONCE = 12


class MasterKeys(Protocol):
    """What wraps keys: a file, or a service that shows its keys to nobody."""

    current: str

    async def wrap(self, secret: bytes, about: bytes) -> bytes:
        """With the current one."""

    async def unwrap(self, name: str, wrapped: bytes, about: bytes) -> bytes:
        """Raises UnusableSettings for a name that is not known, or is another key's now."""


class MasterKeysTold:
    """`name:key` with the key in base64, 32 bytes; joined by commas: the first wraps, the others open what they did."""

    def __init__(self, told: str) -> None:
        """Raises ValueError with a sentence."""
        pairs = [pair.strip().partition(":") for pair in told.replace("\n", ",").split(",") if pair.strip()]
        self._ciphers = {name: AESGCM(key_from(name, text)) for name, _, text in pairs}
        if not self._ciphers:
            raise ValueError("no key is named: say name:key")
        self.current = next(iter(self._ciphers))

    async def wrap(self, secret: bytes, about: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._ciphers[self.current].encrypt(nonce, secret, about)

    async def unwrap(self, name: str, wrapped: bytes, about: bytes) -> bytes:
        if name not in self._ciphers:
            raise UnusableSettings(f"HUDDLE_MASTER_KEYS lacks {name}, which wraps persons' keys.")
        try:
            return self._ciphers[name].decrypt(wrapped[:NONCE], wrapped[NONCE:], about)
        except InvalidTag:
            raise UnusableSettings(
                f"HUDDLE_MASTER_KEYS has another key as {name} than the one that wraps persons' keys."
            ) from None


def key_from(name: str, text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except ValueError:
        key = b""
    if not name or len(key) != BYTES:
        raise ValueError(f"the key {name or '(without a name)'} is not {BYTES} bytes in base64")
    return key
