"""Master keys that never leave where they are: a hardware security module, or what speaks as one (PKCS#11)."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from backbone.errors import Outage, UnusableSettings
from backbone.masters import NONCE, MasterKeysTold

TAG_BITS = 128
T = TypeVar("T")


class MasterKeysInToken:
    """AES keys of a token, by their labels: the first wraps, the others open what they did. Beside them may stand keys
    that are told, `name:key`, which open what they wrapped before there was a token. A session is for one thread at a
    time, so the token has one of its own; a broken one is opened again."""

    def __init__(self, names: str, module: Path, token: str, pin: str) -> None:
        """Raises ValueError with a sentence: no library, no such token, another PIN, no such key."""
        said = [each.strip() for each in names.split(",") if each.strip()]
        self._names = [each for each in said if ":" not in each]
        told = [each for each in said if ":" in each]
        self._before = MasterKeysTold(",".join(told)) if told else None
        self._told = module, token, pin
        self._session: Any = None
        self._thread = ThreadPoolExecutor(1, "token")
        if not self._names:
            raise ValueError("no key is named: say the label of one")
        self.current = self._names[0]
        self._thread.submit(self._check).result()

    async def wrap(self, secret: bytes, about: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + await self._alone(lambda: self._key(self.current).encrypt(secret, **by(nonce, about)))

    async def unwrap(self, name: str, wrapped: bytes, about: bytes) -> bytes:
        if name not in self._names and self._before:
            return await self._before.unwrap(name, wrapped, about)
        if name not in self._names:
            raise UnusableSettings(f"HUDDLE_MASTER_KEYS lacks {name}, which wraps persons' keys.")
        nonce, sealed = wrapped[:NONCE], wrapped[NONCE:]
        return await self._alone(
            lambda: opened(name, lambda: self._key(name).decrypt(sealed, **by(nonce, about)))
        )

    async def _alone(self, work: Callable[[], bytes]) -> bytes:
        """Raises Outage while the token does not answer."""

        def done() -> bytes:
            with self._answering():
                return bytes(work())

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        from pkcs11.exceptions import PKCS11Error

        try:
            yield
        except PKCS11Error as error:
            self._session = None
            raise Outage(f"no keys: the token says {type(error).__name__}") from error

    def _key(self, name: str) -> Any:
        from pkcs11 import KeyType, ObjectClass

        if self._session is None:
            self._session = session_of(*self._told)
        return self._session.get_key(object_class=ObjectClass.SECRET_KEY, key_type=KeyType.AES, label=name)

    def _check(self) -> None:
        from pkcs11.exceptions import NoSuchKey

        for name in self._names:
            try:
                self._key(name)
            except NoSuchKey:
                raise ValueError(f"the token {self._told[1]} has no AES key of the label {name}") from None


def by(nonce: bytes, about: bytes) -> dict[str, Any]:
    from pkcs11 import GCMParams, Mechanism

    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": GCMParams(nonce, about, TAG_BITS)}


def opened(name: str, work: Callable[[], T]) -> T:
    """What a key does not open is another key's. SoftHSM says so as it says everything."""
    from pkcs11.exceptions import EncryptedDataInvalid, GeneralError, NoSuchKey

    try:
        return work()
    except NoSuchKey:
        raise UnusableSettings(f"The token has no key {name} any more, which wraps persons' keys.") from None
    except (EncryptedDataInvalid, GeneralError):
        raise UnusableSettings(
            f"The token has another key as {name} than the one that wraps persons' keys."
        ) from None


def session_of(module: Path, token: str, pin: str) -> Any:
    """Raises ValueError."""
    try:
        import pkcs11
    except ImportError:
        raise ValueError(
            "HUDDLE_HSM_MODULE needs a library that is not installed: take requirements/hsm.txt (Docker: --build-arg "
            "REQUIREMENTS=hsm)"
        ) from None
    try:
        found = pkcs11.lib(str(module)).get_token(token_label=token)
        try:
            return found.open(user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:  # a process is known to a token once
            return found.open()
    except pkcs11.NoSuchToken:
        raise ValueError(f"{module} knows no token of the label {token}") from None
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked):
        raise ValueError(f"the PIN is not that of the token {token}") from None
    except RuntimeError as error:
        raise ValueError(f"{module} is no library of PKCS#11 ({type(error).__name__})") from None
