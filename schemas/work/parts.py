"""What a row of the table of work is made of."""

from collections.abc import Mapping
from typing import NamedTuple

Source = str
"""Where a value comes from: `subject_id`, `referral_id`, `patient_id` (of the item), `item_id`, `me`, or
`<read>.<field>`; `each[]` goes through a list; for keys also `list:<name>`."""


class Read(NamedTuple):
    """`path` has sources in braces. `*`: of whichever service knows it."""

    service: str
    path: str


class Offer(NamedTuple):
    """What may be picked: entries of a list that is read, with the fields that name and show one; or a list of ours; or
    codes of a list that is searched while one types (`search`), and others. Of a list that is read, `search` is the
    parameter that takes what is typed.
    """

    each: Source = ""
    value: str | tuple[str, ...] = "id"
    text: tuple[str, ...] = ()
    where: Mapping[str, Source] = {}
    list: str = ""
    search: str = ""
    codes: tuple[str, ...] = ()
    since: str = ""
    """The parameter of the read from which moment on it lists; people choose the day."""
    by: str = ""
    """The field beside this one that the read's path asks for: what is offered follows from what stands there."""


class Do(NamedTuple):
    """One operation. `path`: its parts. `seen`: the read whose ETag is sent as If-Match, and beside which `…/actions`
    tells what may be done; of a thing that is not read, that answer itself. Without it the service's own `/actions`
    tells what may be begun at all. `given`: fields of the body that are known. `offers`: fields that are picked.
    `causes`: the facts that close the item.
    """

    service: str
    operation: str
    path: Mapping[str, Source | Offer]
    seen: str | None = None
    given: Mapping[str, Source] = {}
    offers: Mapping[str, Offer] = {}
    keys: Mapping[str, Source] = {}
    causes: tuple[str, ...] = ()
    action: str = ""
    """The name among the actions, where it is not the operation's."""
    quiet: bool = False
    """Shown to whom the service allows it, and to nobody else: rare, and of one office."""


class Work(NamedTuple):
    """`beside`: reads that are shown. `otherwise`: closing facts that no command here causes, and what does."""

    do: tuple[Do, ...]
    beside: tuple[str, ...] = ()
    otherwise: Mapping[str, str] = {}
    why: str = ""
    """What to say where there is no command."""
