"""Lets the library of Awell score what we score, and writes down what it says: `tests/unit/care_plan/awell.json`.

    git clone https://github.com/awell-health/awell-score somewhere
    python -m tests.foreign.awell somewhere

It needs Node and npm. The library is in no registry of packages, so this is run by hand when an instrument is added;
the figures stay, with the commit that they are of. Nothing of its code is copied.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config.loading import SHIPPED
from services.care_plan.rules import load_rules
from tests.support.awell import BOTH, FILE, SOURCE, answers, as_told

PACKAGES = ("zod@3", "lodash@4", "date-fns@4", "esbuild@0.28")
BANDS = {"None/minimal depression": "minimal", "No anxiety": "minimal", "No problems reported": "none"}
"""What it says otherwise than we do."""
JUDGE = """
const told = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const scored = ([name, turns]) => {
  const {calculate, inputSchema} = judges[name]
  const keys = Object.keys(inputSchema)
  const data = (turn) => Object.fromEntries(keys.map((key, at) => [key, turn[at] ?? undefined]))
  return [name, turns.map((turn) => calculate({data: data(turn)}))]
}
console.log(JSON.stringify(Object.fromEntries(Object.entries(told).map(scored))))
"""


def judged(checkout: Path, told: dict[str, list[list[int | None]]]) -> dict[str, list[dict[str, Any]]]:
    """By instrument and turn, everything that the library says."""
    imports = [
        f"import {{ {foreign.name} as {name} }} from '{checkout.resolve()}/src/scores/{foreign.module}'"
        for name, foreign in BOTH.items()
    ]
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "package.json").write_text("{}")
        (folder / "judge.ts").write_text(
            "\n".join([*imports, f"const judges: any = {{ {', '.join(BOTH)} }}", JUDGE])
        )
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", *PACKAGES], cwd=folder, check=True)
        bundle = ["npx", "esbuild", "judge.ts", "--bundle", "--platform=node", "--outfile=judge.js"]
        subprocess.run(bundle, cwd=folder, check=True, env=environment(folder))
        ran = ["node", "judge.js"]
        said = subprocess.run(
            ran, cwd=folder, check=True, input=json.dumps(told), capture_output=True, text=True
        )
    found: dict[str, list[dict[str, Any]]] = json.loads(said.stdout)
    return found


def environment(folder: Path) -> dict[str, str]:
    """Its packages are found from outside of the checkout."""
    return {**os.environ, "NODE_PATH": str(folder / "node_modules")}


def written(checkout: Path) -> dict[str, Any]:
    instruments = load_rules(SHIPPED).measures.instruments
    told = {
        name: [
            as_told(each, instruments[name].values, foreign)
            for each in answers(name, instruments[name].values)
        ]
        for name, foreign in BOTH.items()
    }
    scores: dict[str, dict[str, str]] = {}
    for name, turns in judged(checkout, told).items():
        band = BOTH[name].band
        wanted = {**BOTH[name].scores, **({"band": band} if band else {})}
        scores[name] = {scale: joined([turn[key] for turn in turns]) for scale, key in wanted.items()}
    head = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    return {"source": SOURCE, "commit": commit, "scores": scores}


def joined(said: list[int | str | None]) -> str:
    return " ".join(BANDS.get(each, shorter(each)) if isinstance(each, str) else str(each) for each in said)


def shorter(said: str) -> str:
    """ "Moderately severe depression" is our `moderately_severe`."""
    return "_".join(said.lower().split()[:-1])


if __name__ == "__main__":
    FILE.write_text(json.dumps(written(Path(sys.argv[1])), indent=1) + "\n")
