"""Takes controls away by their mutants and says which hazard turns red by which of its own tests: `make hazards`, or
`make hazards HAZ=HAZ-012`."""

import argparse
import sys
from collections.abc import Iterator, Sequence

from tests.hazards.log import Control, Hazard, stated
from tests.mutants.__main__ import Verdict, judge


def main() -> int:
    """The exit code: 0 when each control that was taken away turned its own test red."""
    hazards, seen, green = chosen(stated().hazard), dict[tuple[str, str], Verdict](), 0
    for hazard in hazards:
        for control, mutant in removable(hazard):
            taken = mutant, control.test
            if taken not in seen:
                seen[taken] = judge(*taken)
            green += not seen[taken].killed
            sys.stdout.write(f"{told(hazard, control, mutant, seen[taken])}\n")
            sys.stdout.flush()
    alone = [hazard.id for hazard in hazards if not any(removable(hazard))]
    sys.stdout.write(f"{len(seen)} controls taken away, {green} times nothing turned red\n")
    if alone:
        sys.stdout.write(f"nothing can be taken away yet of {', '.join(alone)}\n")
    return 1 if green else 0


def chosen(hazards: Sequence[Hazard]) -> Sequence[Hazard]:
    by_id = {hazard.id: hazard for hazard in hazards}
    parser = argparse.ArgumentParser(prog="python -m tests.hazards", description=__doc__)
    parser.add_argument("ids", nargs="*", metavar="HAZ", help="hazards by id (all, if none is named)")
    ids = parser.parse_args().ids or list(by_id)
    if unknown := set(ids) - by_id.keys():
        parser.error(f"no hazard has this id: {', '.join(sorted(unknown))}")
    return [by_id[each] for each in ids]


def removable(hazard: Hazard) -> Iterator[tuple[Control, str]]:
    """Controls that a mutant takes away."""
    yield from ((control, control.mutant) for control in hazard.controls if control.mutant)


def told(hazard: Hazard, control: Control, mutant: str, verdict: Verdict) -> str:
    if verdict.killed:
        return f"{hazard.id} red without {mutant}: {verdict.by}"
    return f"{hazard.id} {verdict.word} without {mutant}: {control.test}"


if __name__ == "__main__":
    sys.exit(main())
