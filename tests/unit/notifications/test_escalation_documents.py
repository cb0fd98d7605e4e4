"""What is shown of an escalation and of its history."""

from services.notifications.escalation.aggregate import ESCALATION
from services.notifications.escalation.documents import without_codes


def test_the_history_tells_everything_but_the_code_of_replies() -> None:
    """Whoever reads escalations could answer for somebody who was called."""
    assert [name for name, fact in ESCALATION.facts.items() if "code" in fact.model_fields]
    [shown] = without_codes([{"version": 1, "type": "any", "data": b'{"code": "482913", "level": 1}'}])
    assert shown == {"version": 1, "type": "any", "data": {"level": 1}}
