"""What differs between two versions of a plan's text. Pure."""

from typing import Any


def between(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """By key: what was added, removed or changed; lists element by element."""
    found: dict[str, Any] = {}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            added = [each for each in new if each not in old]
            removed = [each for each in old if each not in new]
            found[key] = {"added": added, "removed": removed}
        else:
            found[key] = {"from": old, "to": new}
    return found
