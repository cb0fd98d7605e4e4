"""What was found: one line each."""

import json
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Verdict = Literal["ok", "warns", "fails"]


class Finding(NamedTuple):
    """`subject` is what was looked at; `says` what there is and, unless it is well, what to do."""

    verdict: Verdict
    subject: str
    says: str

    def line(self, service: str) -> str:
        return f"{self.verdict:<6} {service:<14} {self.subject:<12} {self.says}"


def ok(subject: str, says: str) -> Finding:
    return Finding("ok", subject, says)


def warns(subject: str, says: str) -> Finding:
    return Finding("warns", subject, says)


def fails(subject: str, says: str) -> Finding:
    return Finding("fails", subject, says)


def graded(subject: str, says: str, *, is_grave: bool) -> Finding:
    """What must not be where patients are looked after, and may be elsewhere."""
    return fails(subject, says) if is_grave else warns(subject, says)


def code_of(findings: Iterable[Finding]) -> int:
    """What the command ends with: 1 where something fails."""
    return int(any(each.verdict == "fails" for each in findings))


def told(service: str, findings: Sequence[Finding], as_json: bool) -> Iterable[str]:
    """A line each, the worst first; as JSON, an object a line."""
    for each in sorted(findings, key=lambda each: ("fails", "warns", "ok").index(each.verdict)):
        yield json.dumps({"service": service, **each._asdict()}) if as_json else each.line(service)
