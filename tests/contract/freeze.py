"""`python -m tests.contract.freeze`: an example and a frozen schema for each public fact that has none yet.

What is there already is never touched: a frozen contract changes by hand, with the version.
"""

import json
from pathlib import Path
from typing import Any

from schemas.documents import inlined
from schemas.registry import facts

HERE = Path(__file__).parent
EXAMPLES = {
    "uuid": "11111111-1111-4111-8111-111111111111",
    "date-time": "2027-01-04T14:00:00Z",
    "date": "2027-01-18",
}
DECIMAL = "7.25"
CODE = "cat_2"


def example(schema: dict[str, Any]) -> Any:
    """A value of the schema, with every optional field filled."""
    if "anyOf" in schema:
        return example(next(branch for branch in schema["anyOf"] if branch.get("type") != "null"))
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    made = {"object": filled, "array": lambda s: [example(s["items"])], "integer": whole, "boolean": bool}
    return made.get(schema.get("type", ""), text)(schema)


def filled(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: example(field) for name, field in schema.get("properties", {}).items()}


def whole(schema: dict[str, Any]) -> int:
    return int(min(schema.get("maximum", 2), max(2, schema.get("minimum", 2))))


def text(schema: dict[str, Any]) -> str:
    if "format" in schema:
        return EXAMPLES[schema["format"]]
    return DECIMAL if schema.get("pattern", "").startswith("^-?") else CODE


def freeze() -> None:
    """Write what is missing."""
    for wire_type, fact in facts().items():
        golden, frozen = HERE / "golden" / f"{wire_type}.json", HERE / "frozen" / f"{wire_type}.json"
        schema = inlined(fact)
        if not golden.exists():
            payload = {"type": wire_type} | example(schema)
            written = fact.model_validate(payload).model_dump(mode="json", exclude_none=True)
            golden.write_text(json.dumps(written, indent=2) + "\n")
        if not frozen.exists():
            frozen.write_text(json.dumps(schema, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    freeze()
