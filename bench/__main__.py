"""`python -m bench`: measures everything, side by side, and prints tables in Markdown."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from bench.board import Sizes, board
from bench.figures import machine
from bench.ground import MODULES, Ground, ground, open_ground
from bench.growth import growth
from bench.guarded import GuardedGround
from bench.guards import guards
from bench.latency import latency
from bench.processes import processes
from bench.reads import reads
from bench.throughput import throughput
from bench.worklist import worklist

PARTS = ("latency", "processes", "throughput", "growth", "worklist", "reads")
ON_THEIR_OWN = {"board": open_ground, "guards": GuardedGround}
"""On a broker and a database that the others have not filled."""


def main() -> None:
    """Settings on the command line; `--help` lists them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--part", action="append", choices=[*PARTS, *ON_THEIR_OWN], help="only this part (may be repeated)"
    )
    parser.add_argument("--events", type=int, default=60_000, help="events of a throughput run")
    parser.add_argument(
        "--runs", type=int, default=5, help="rounds of the throughput, growth and worklist parts"
    )
    parser.add_argument("--contender", action="append", choices=list(MODULES), help="only this contender")
    parser.add_argument("--open", type=int, default=1_000_000, help="open aggregates of the growth part")
    parser.add_argument("--patients", type=int, default=2_000, help="whose facts wait, in the worklist part")
    parser.add_argument("--claims", type=int, default=100, help="by key, in the board part")
    parser.add_argument("--views", type=int, default=200, help="open views of the board part")
    parser.add_argument("--seconds", type=int, default=20, help="of changes that all these views are told")
    parser.add_argument("--rounds", type=int, default=3, help="of the guards part")
    parser.add_argument("--facts", type=int, default=12_000, help="handled in each run of the guards part")
    parser.add_argument(
        "--ratio", type=float, default=1.0, help="of traces that are kept, in the guards part"
    )
    parser.add_argument("--write", type=Path, help="write the tables to this file too")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    lines = list[str]()
    together = [(PARTS, open_ground), *(((part,), made_in) for part, made_in in ON_THEIR_OWN.items())]
    for some, made_in in together:
        if wanted := [part for part in some if not chosen.part or part in chosen.part]:
            with ground(made_in) as stands:
                lines += asyncio.run(measure(stands, chosen, wanted))
    print("\n".join(["", *lines]))
    if chosen.write:
        chosen.write.write_text("\n".join([machine(), "", *lines, ""]))


async def measure(stands: Ground, chosen: argparse.Namespace, wanted: Sequence[str]) -> list[str]:
    """Small parts first: they need a short input topic."""
    await stands.open_input()
    contenders = chosen.contender or list(MODULES)
    parts = {
        "latency": lambda: latency(stands),
        "processes": lambda: processes(stands),
        "throughput": lambda: throughput(stands, chosen.events, chosen.runs, contenders),
        "growth": lambda: growth(stands, chosen.events, chosen.runs, chosen.open),
        "worklist": lambda: worklist(stands, chosen.events, chosen.runs, chosen.patients),
        "reads": lambda: reads(stands),
        "guards": lambda: guards(stands, chosen.rounds, chosen.facts, chosen.ratio),
        "board": lambda: board(stands, Sizes(10, chosen.claims, 50, chosen.views, chosen.seconds)),
    }
    lines = []
    for part in wanted:
        print(f"{part} …", flush=True)
        lines += [f"## {part.capitalize()}", "", *await parts[part](), ""]
    return lines


if __name__ == "__main__":
    main()
