"""`python -m bench`: measures everything, side by side, and prints tables in Markdown."""

import argparse
import asyncio
from pathlib import Path

from bench.figures import machine
from bench.ground import MODULES, Ground, ground
from bench.growth import growth
from bench.latency import latency
from bench.processes import processes
from bench.throughput import throughput
from bench.worklist import worklist

PARTS = ("latency", "processes", "throughput", "growth", "worklist")


def main() -> None:
    """Settings on the command line; `--help` lists them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part (may be repeated)")
    parser.add_argument("--events", type=int, default=60_000, help="events of a throughput run")
    parser.add_argument(
        "--runs", type=int, default=5, help="rounds of the throughput, growth and worklist parts"
    )
    parser.add_argument("--contender", action="append", choices=list(MODULES), help="only this contender")
    parser.add_argument("--open", type=int, default=1_000_000, help="open aggregates of the growth part")
    parser.add_argument("--patients", type=int, default=2_000, help="whose facts wait, in the worklist part")
    parser.add_argument("--write", type=Path, help="write the tables to this file too")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    with ground() as stands:
        lines = asyncio.run(measure(stands, chosen))
    print("\n".join(["", *lines]))
    if chosen.write:
        chosen.write.write_text("\n".join([machine(), "", *lines, ""]))


async def measure(stands: Ground, chosen: argparse.Namespace) -> list[str]:
    """Small parts first: they need a short input topic."""
    await stands.open_input()
    contenders = chosen.contender or list(MODULES)
    parts = {
        "latency": lambda: latency(stands),
        "processes": lambda: processes(stands),
        "throughput": lambda: throughput(stands, chosen.events, chosen.runs, contenders),
        "growth": lambda: growth(stands, chosen.events, chosen.runs, chosen.open),
        "worklist": lambda: worklist(stands, chosen.events, chosen.runs, chosen.patients),
    }
    lines = []
    for part in PARTS:
        if not chosen.part or part in chosen.part:
            print(f"{part} …", flush=True)
            lines += [f"## {part.capitalize()}", "", *await parts[part](), ""]
    return lines


if __name__ == "__main__":
    main()
