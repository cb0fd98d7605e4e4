"""The development issuer: keys in a folder, tokens for staff, referrers and patients. Refused in production."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from backbone.clock import epoch_seconds
from backbone.settings import DEVELOPMENT_ISSUER, DEVELOPMENT_KEY

ISSUER = DEVELOPMENT_ISSUER
AUDIENCE = "huddle"
LIFETIME_SECONDS = 12 * 3600


class Issuer:
    """Signs with the key in `folder`, which is made at first use. `name` and `key`: what it and its key are called."""

    def __init__(self, folder: Path, name: str = ISSUER, key: str = DEVELOPMENT_KEY) -> None:
        self.folder = folder
        self.name = name
        self._key = key
        self.jwks = folder / "jwks.json"
        self._private = folder / "issuer.pem"
        folder.mkdir(parents=True, exist_ok=True)
        if not self._private.exists() or not self.jwks.exists():
            self._make()

    def _make(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._private.touch(mode=0o600)
        self._private.write_bytes(private)
        public: Mapping[str, Any] = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        self.jwks.write_text(
            json.dumps({"keys": [{**public, "kid": self._key, "alg": "ES256", "use": "sig"}]})
        )

    def token(
        self,
        subject: str,
        *,
        kind: str = "user",
        roles: Sequence[str] = (),
        disciplines: Sequence[str] = (),
        name: str | None = None,
        seconds: int = LIFETIME_SECONDS,
    ) -> str:
        """A token for a staff id, an organisation id or a patient id, valid for `seconds`."""
        claims = {
            "aud": AUDIENCE,
            "sub": subject,
            "kind": kind,
            "roles": list(roles),
            "disciplines": list(disciplines),
        }
        return self.signed(claims | ({"name": name} if name else {}), seconds=seconds)

    def signed(self, claims: Mapping[str, Any], *, seconds: int) -> str:
        """The issuer's word, valid for `seconds` of wall time."""
        now = epoch_seconds()
        said = {"iss": self.name, "iat": now, "exp": now + seconds, **claims}
        return jwt.encode(said, self._private.read_text(), algorithm="ES256", headers={"kid": self._key})

    def read(self, token: str, *, audience: str) -> Mapping[str, Any]:
        """What this issuer said to the audience. Raises jwt.PyJWTError."""
        [key] = jwt.PyJWKSet.from_json(self.jwks.read_text()).keys
        claims: Mapping[str, Any] = jwt.decode(
            token, key.key, algorithms=["ES256"], issuer=self.name, audience=audience
        )
        return claims
