"""Who may give which command in which state, read off the guarded deciders of an aggregate, as Markdown rows."""

from typing import Any

from backbone.model import Aggregate, group_of, tag_of


def permissions(aggregate: Aggregate[Any]) -> str:
    """One row for each command that people give; the group is that of each state's decider."""
    rows: dict[tuple[str, str], list[str]] = {}
    for (state, command), decide in aggregate.decide.rows.items():
        group = group_of(decide)
        if group is not None:
            rows.setdefault((tag_of(command), group.name), []).append(tag_of(state))
    return "\n".join(
        f"| `{command}` | {', '.join(states)} | {who} |" for (command, who), states in rows.items()
    )
