"""The keys under which a browser keeps what somebody typed and has not sent. Each person has their own, and is told no
other: whoever signs in next at the same browser can't read it."""

import hmac
from base64 import b64encode
from collections.abc import Sequence


def draft_keys(secrets: Sequence[str], staff_id: str) -> list[str]:
    """For AES-GCM with 256 bits: the first seals, each opens."""
    found = (hmac.digest(f"drafts:{secret}".encode(), staff_id.encode(), "sha256") for secret in secrets)
    return [b64encode(each).decode() for each in found]
