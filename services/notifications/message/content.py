"""What stands in no fact: what a message says, erased with the patient, and what a provider is called with."""

import msgspec


class Wording(msgspec.Struct, frozen=True, omit_defaults=True):
    """`dates`: what the patient reads behind the login, local times."""

    subject: str
    text: str
    dates: tuple[str, ...] = ()


class Attempt(msgspec.Struct, frozen=True):
    """The body of an effect. `refs`: the wording, and the contact where there is one."""

    attempt: int
    recipient_id: str
    refs: tuple[str, ...]
