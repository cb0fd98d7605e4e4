"""What within one version may change in a contract: optional fields may be added, nothing else (EVT-04)."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def incompatibilities(old: Schema, new: Schema, where: str = "") -> list[str]:
    """Sentences; none when every document of the old contract fits the new one, and the other way round."""
    found = []
    if old.get("type") != new.get("type"):
        found.append(f"{where or 'the fact'}: type {old.get('type')} became {new.get('type')}")
    if "const" in old and old["const"] != new.get("const"):
        found.append(f"{where}: {old['const']!r} became {new.get('const')!r}")
    if set(old.get("enum", ())) != set(new.get("enum", ())):
        found.append(f"{where}: the closed list of codes changed")
    if old.get("pattern") != new.get("pattern"):
        found.append(f"{where}: the pattern changed")
    found += fields(old, new, where)
    if "items" in old:
        found += incompatibilities(old["items"], new.get("items", {}), f"{where}[]")
    for n, option in enumerate(old.get("anyOf", ())):
        options = new.get("anyOf", ())
        found += incompatibilities(option, options[n] if n < len(options) else {}, where)
    return found


def fields(old: Schema, new: Schema, where: str) -> list[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required, now_required = set(old.get("required", ())), set(new.get("required", ()))
    found = [f"{where}/{name}: removed" for name in before if name not in after]
    found += [
        f"{where}/{name}: new and required" for name in after if name not in before and name in now_required
    ]
    found += [f"{where}/{name}: became required" for name in before if name in now_required - required]
    found += [f"{where}/{name}: became optional" for name in before if name in required - now_required]
    for name in before:
        if name in after:
            found += incompatibilities(before[name], after[name], f"{where}/{name}")
    return found
