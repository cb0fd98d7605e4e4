"""Draws `docs/safety/hazards.md` from the hazard log: `python -m tests.hazards.page`, or `make hazards-page`."""

from collections.abc import Iterable, Iterator
from typing import get_args

from tests.hazards.log import FILE, Control, Hazard, Log, Score, Theme, stated

PAGE = FILE.with_suffix(".md")
HEAD = """\
# Hazards

What can harm a patient where Huddle is used, what stands against it, and the test that shows that it does. Drawn from
[hazards.toml](hazards.toml) by `make hazards-page`. `make check` fails where a test or a mutant that is named here is
not there, or is not run; `make hazards` takes away each control that has a mutant and says which hazard turned red
([ADR 40](../adr/0040-a-hazard-names-the-test-of-each-control.md)).
"""


def drawn(log: Log) -> str:
    """The whole page."""
    parts = [HEAD, *opened(log), *untried(log), *overview(log), *scheme(log), *themes(log), *without(log)]
    return "\n".join(parts)


def scheme(log: Log) -> Iterator[str]:
    yield "## How they are scored\n"
    yield f"**{log.scheme.scored_by}** {log.scheme.name} Source: {log.scheme.source}\n"
    yield "In each field the rating, and in brackets how many hazards are there with their controls.\n"
    yield table(
        ("likelihood \\ severity", *log.scheme.severity),
        (
            (
                f"**{name}**",
                *(field(log, Score(severity=s, likelihood=likelihood)) for s in range(1, 6)),
            )
            for likelihood, name in reversed(tuple(enumerate(log.scheme.likelihood, 1)))
        ),
    )
    yield table(
        ("rating", "what it means"),
        ((str(n), said) for n, said in reversed(tuple(enumerate(log.scheme.meaning, 1)))),
    )


def field(log: Log, score: Score) -> str:
    here = sum(hazard.after == score for hazard in log.hazard)
    return f"{log.rating(score)} ({here})" if here else str(log.rating(score))


def overview(log: Log) -> Iterator[str]:
    yield "## By theme\n"
    rows = []
    for theme, hazards in by_theme(log):
        before, after = (
            max(log.rating(each) for each in scores) for scores in zip(*map(scored, hazards), strict=True)
        )
        controls = [control for hazard in hazards for control in hazard.controls]
        rows.append(
            (
                f"[{theme}](#{anchor(theme)})",
                str(len(hazards)),
                str(len(controls)),
                str(len({control.mutant for control in controls} - {None})),
                f"{before} → {after}",
                str(sum(hazard.id in log.why_open for hazard in hazards)),
            )
        )
    yield table(("theme", "hazards", "controls", "mutants", "worst rating before → after", "open"), rows)


def scored(hazard: Hazard) -> tuple[Score, Score]:
    return hazard.before, hazard.after


def untried(log: Log) -> Iterator[str]:
    yield "## Never tried with real clinicians\n"
    yield "\n".join(f"- {each}" for each in log.untried) + "\n"


def opened(log: Log) -> Iterator[str]:
    yield "## Open: not enough stands against these yet\n"
    hazards = {hazard.id: hazard for hazard in log.hazard}
    yield "\n".join(f"- {link(hazards[each.hazard])}: {each.why}" for each in log.open) + "\n"


def themes(log: Log) -> Iterator[str]:
    for theme, hazards in by_theme(log):
        yield f"## {theme.capitalize()}\n"
        for hazard in hazards:
            yield from one(log, hazard)


def one(log: Log, hazard: Hazard) -> Iterator[str]:
    state = " · **open**" if hazard.id in log.why_open else ""
    yield f"### {hazard.id}\n"
    yield f"**{hazard.title}**{state}\n"
    yield "\n".join(
        (
            f"- Cause: {hazard.cause}",
            f"- Effect: {hazard.effect}",
            f"- Harm: {hazard.harm}",
            f"- Before: {said(log, hazard.before)}. After: {said(log, hazard.after)}.",
            f"- What remains: {hazard.residual}\n",
        )
    )
    if hazard.controls:
        yield table(("control", "rules", "shown by", "taken away by"), map(row, hazard.controls))


def said(log: Log, score: Score) -> str:
    severity, likelihood = (
        log.scheme.severity[score.severity - 1],
        log.scheme.likelihood[score.likelihood - 1],
    )
    return f"{severity} × {likelihood.lower()} = {log.rating(score)}"


def row(control: Control) -> tuple[str, ...]:
    path, name = control.test.split("::")
    mutant = f"[{control.mutant}](../../tests/mutants/{control.mutant}.patch)" if control.mutant else ""
    return control.what, ", ".join(control.rules), f"[{name}](../../{path})", mutant


def without(log: Log) -> Iterator[str]:
    yield "## Rules without a hazard\n"
    yield table(("rules", "why"), ((", ".join(each.rules), each.why) for each in log.no_hazard))


def by_theme(log: Log) -> Iterator[tuple[str, tuple[Hazard, ...]]]:
    for theme in get_args(Theme):
        if hazards := tuple(hazard for hazard in log.hazard if hazard.theme == theme):
            yield theme, hazards


def link(hazard: Hazard) -> str:
    return f"[{hazard.id}](#{hazard.id.lower()}) {hazard.title}"


def anchor(heading: str) -> str:
    return heading.replace(" ", "-")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = tuple(head)
    lines = [names, ("---",) * len(names), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    PAGE.write_text(drawn(stated()), "utf-8")


if __name__ == "__main__":
    main()
