"""The block of JSON that the front door gives the client, as it is in a test."""

import tomllib
from pathlib import Path
from typing import Any

import board
from board.drafts import draft_keys

NORA = "2ae07921-a3d9-540e-bfb4-2e4543b8a41e"
WORDS = Path(board.__file__).parent / "words.toml"


def frame(**more: Any) -> dict[str, Any]:
    return {
        "staff": {"id": NORA, "name": "Nora Quinn", "roles": ["nurse"], "disciplines": ["nursing"]},
        "csrf": "proof",
        "draft_keys": draft_keys(("a secret",), NORA),
        "clinic": {"name": "Harbor Street", "time_zone": "America/New_York"},
        "calendar": {
            "closed_weekdays": ["saturday", "sunday"],
            "holidays": [{"on": "2027-01-18", "name": "Martin Luther King Day"}],
        },
        "services": ["referral", "scheduling", "care_plan", "notifications", "worklist"],
        "words": tomllib.loads(WORDS.read_text()) if WORDS.exists() else {},
        "work": {},
        **more,
    }
