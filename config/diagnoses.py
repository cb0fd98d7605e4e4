"""Coded diagnoses: those that forms offer, and how rules compare them: by the beginnings of their codes, in whatever
case."""

from collections.abc import Iterable, Mapping

from config.rules import Values
from schemas.care_plan.v1.codes import DiagnosisSystem


class Diagnoses(Values):
    """`diagnoses.toml`: by the name of their system what its codes mean."""

    systems: Mapping[str, Mapping[str, str]]


class Diagnosing(Values):
    """CON-04. `pattern` is the syntax of a code of `system`, whole."""

    system: DiagnosisSystem
    pattern: str


def any_begins(codes: Iterable[str], beginnings: Iterable[str]) -> bool:
    """Whether a stem of any of the codes begins like one of these."""
    wanted = tuple(each.upper() for each in beginnings)
    return any(stem.startswith(wanted) for code in codes for stem in stems(code))


def stems(code: str) -> Iterable[str]:
    """Of a cluster of ICD-11 (`MG30.10&XS25/2C25`) what `/` joins, without extensions; of another code itself."""
    return (part.partition("&")[0] for part in code.upper().split("/"))
