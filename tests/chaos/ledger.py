"""The ledger: what must have come of the inputs, computed from the generator's log alone.

It shares no code with the runtime and reads topics and tables only. Each function returns sentences; none: in order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Input(NamedTuple):
    """One fact that the generator sent, in the order of its log. `poison` is None or its kind."""

    id: str
    patient: str
    poison: str | None = None


class Output(NamedTuple):
    """One fact that a read_committed reader found, in order of partition and offset."""

    id: str
    cause: str
    aggregate: str
    sequence: int
    patient: str | None
    partition: int
    offset: int


def first_of_each(inputs: Iterable[Input]) -> list[Input]:
    """Without repeated ids."""
    seen: dict[str, Input] = {}
    for entry in inputs:
        seen.setdefault(entry.id, entry)
    return list(seen.values())


def expected_parked(inputs: Iterable[Input]) -> dict[str, list[str]]:
    """For each patient: its first poison and everything that came behind it."""
    parked: dict[str, list[str]] = defaultdict(list)
    for entry in first_of_each(inputs):
        if entry.poison or entry.patient in parked:
            parked[entry.patient].append(entry.id)
    return dict(parked)


def wrong_parked(inputs: Iterable[Input], parked: Mapping[str, Sequence[str]]) -> list[str]:
    """Parked keys hold exactly the poison and what followed it, in order."""
    expected = expected_parked(inputs)
    return [
        f"patient {patient}: {len(parked.get(patient, ()))} records are parked, "
        f"{len(expected.get(patient, ()))} expected"
        for patient in expected.keys() | parked.keys()
        if list(parked.get(patient, ())) != expected.get(patient, [])
    ]


def wrong_effects(
    inputs: Iterable[Input], outputs: Iterable[Output], without: Iterable[str] = ()
) -> list[str]:
    """Each input has exactly one effect, except those in `without`, which have none."""
    effects = Counter(output.cause for output in outputs)
    none = set(without)
    problems = []
    for entry in first_of_each(inputs):
        wanted = 0 if entry.id in none else 1
        if effects[entry.id] != wanted:
            problems.append(f"input {entry.id} has {effects[entry.id]} effects, {wanted} expected")
    return problems


def repeated(outputs: Iterable[Output]) -> list[str]:
    """No fact stands on the topic twice."""
    counts = Counter(output.id for output in outputs)
    return [
        f"fact {identity} stands on the topic {count} times"
        for identity, count in counts.items()
        if count > 1
    ]


def broken_sequences(outputs: Iterable[Output]) -> list[str]:
    """Each aggregate's sequence runs 1, 2, 3 … in the order of the topic."""
    last: dict[str, int] = defaultdict(int)
    problems = []
    for output in outputs:
        if output.sequence != last[output.aggregate] + 1:
            problems.append(
                f"aggregate {output.aggregate}: {output.sequence} follows {last[output.aggregate]}"
            )
        last[output.aggregate] = output.sequence
    return problems


def wrong_order(inputs: Iterable[Input], outputs: Iterable[Output]) -> list[str]:
    """Effects on one patient come in the order of their inputs."""
    place = {entry.id: n for n, entry in enumerate(first_of_each(inputs))}
    last: dict[str, int] = {}
    problems = []
    for output in outputs:
        number = place.get(output.cause)
        if number is None or output.patient is None:
            continue
        if number < last.get(output.patient, -1):
            problems.append(f"patient {output.patient}: the effect of {output.cause} came too late")
        last[output.patient] = max(number, last.get(output.patient, -1))
    return problems


def problems(inputs: Sequence[Input], outputs: Sequence[Output], without: Iterable[str] = ()) -> list[str]:
    """Everything that is wrong with the outputs."""
    return [
        *wrong_effects(inputs, outputs, without),
        *repeated(outputs),
        *broken_sequences(outputs),
        *wrong_order(inputs, outputs),
    ]
