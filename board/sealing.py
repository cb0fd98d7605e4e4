"""What a cookie holds, encrypted and authenticated (JWE): nobody reads or changes it on its way through a browser."""

import hashlib
from collections.abc import Sequence

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

HEADER = {"alg": "dir", "enc": "A256GCM"}
ALGORITHMS = list(HEADER.values())


class Seal:
    """Seals with the first secret and opens with each. What is sealed for one `purpose` can't be opened as another."""

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        self._keys = [
            OctKey.import_key(hashlib.sha256(f"{purpose}:{secret}".encode()).digest()) for secret in secrets
        ]

    def close(self, plain: bytes) -> str:
        return jwe.encrypt_compact(HEADER, plain, self._keys[0], algorithms=ALGORITHMS)

    def open(self, sealed: str) -> bytes | None:
        """None for what nobody here has sealed like this."""
        for key in self._keys:
            try:
                return jwe.decrypt_compact(sealed, key, algorithms=ALGORITHMS).plaintext
            except (JoseError, ValueError):
                continue
        return None
