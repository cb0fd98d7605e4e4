"""A safety rule that can't be evaluated counts as if it had fired (PRV-34): a bug in it must not silence it."""

from collections.abc import Callable
from typing import Any, TypeVar

from backbone.telemetry import log
from config.rules import Rule

T = TypeVar("T")
RULE_FAILED = "rule_failed"
"""Why something is said though nothing was found (`because` of facts)."""


def safely(rule: Rule[Any], evaluate: Callable[[], T], as_if_fired: Callable[[], T]) -> T:
    """What the rule says; where it fails, what it would say if it had fired. The log has the stack."""
    try:
        return evaluate()
    except Exception:
        log.exception("a safety rule failed and counts as fired", extra={"rule": rule.named})
        return as_if_fired()
