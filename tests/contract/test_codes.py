"""Published lists grow without anybody's leave: what is made is of the list, what is read may be of tomorrow's."""

import json
from collections import Counter
from typing import Annotated, Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

import schemas
from backbone.model.wire import UnknownCode, fact_of
from schemas.__main__ import examples
from schemas.code_list import CodeList
from schemas.codes import ITEM_TYPE
from schemas.fact import Fact, PrivateFact
from schemas.notifications.v1.codes import TEMPLATE
from schemas.notifications.v1.message import MessageScheduled
from schemas.referral.v1.codes import ADVISORY, BODY_SITE
from schemas.referral.v1.referral import TriageSuggested
from schemas.registry import modules
from schemas.scheduling.v1.codes import DATE_REASON
from schemas.worklist.v1.codes import SUBJECT_TYPE
from schemas.worklist.v1.item import ItemOpened
from services.notifications.templates.content import KINDS
from services.referral.referral.decide.suggestion import MISMATCHES
from services.worklist.catalogue.decide.table import CATALOGUE
from tests.support.services import ALL

OPENED = examples()["worklist.item_opened.v1"]
PROSE = ("Jane Doe", "jane doe", "jane-doe", "Jane", "JANE'S", "", "a" * 65, "REF_COMPLETE\n")


def read(fact: type[Fact], **changed: Any) -> Any:
    return fact_of(fact, json.dumps(examples()[fact.wire_type] | changed).encode())


def test_a_consumer_of_today_reads_a_code_of_tomorrow() -> None:
    assert read(ItemOpened, item_type="TELEPHONE_REVIEW", subject_type="call").item_type == "TELEPHONE_REVIEW"


def test_a_producer_makes_nothing_that_is_not_published() -> None:
    with pytest.raises(ValidationError, match="item_type"):
        ItemOpened(**OPENED | {"item_type": "REF_COMPELTE"})


@pytest.mark.parametrize("prose", PROSE)
def test_no_code_carries_prose_not_even_one_of_tomorrow(prose: str) -> None:
    with pytest.raises(ValidationError):
        ItemOpened.model_validate_json(json.dumps(OPENED | {"item_type": prose}))


def test_what_is_passed_on_may_be_of_another_s_tomorrow() -> None:
    assert TypeAdapter(Annotated[str, DATE_REASON.passed_on]).validate_python("plan_paused") == "plan_paused"


def test_a_door_takes_what_is_published_and_names_it_when_it_does_not() -> None:
    door: TypeAdapter[str] = TypeAdapter(Annotated[str, BODY_SITE.only])
    assert [door.validate_json(json.dumps(site)) for site in ("neck", "279039007")] == ["neck", "279039007"]
    with pytest.raises(ValidationError, match="a code of BODY_SITE"):
        door.validate_json('"left_elbow"')


def test_an_unknown_code_of_a_closed_list_is_as_if_it_were_absent_where_it_may_be() -> None:
    unknown = {"complexity": "extreme", "advisories": ["OF_TOMORROW"]}
    found = read(TriageSuggested, **unknown)
    assert (found.complexity, found.advisories) == (None, ("OF_TOMORROW",))
    with pytest.raises(UnknownCode):
        read(ItemOpened, priority="whenever")
    with pytest.raises(UnknownCode):
        read(MessageScheduled, **{"class": "telegram"})


def checked_when_made(annotation: Any) -> bool:
    """Is there a published list in it that what is made must be of?"""
    return isinstance(annotation, CodeList) or any(
        checked_when_made(part) for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ()))
    )


def test_a_private_fact_keeps_whatever_code_another_fact_brought() -> None:
    """It never leaves its service: checked against a list, it would park whoever brings a code of tomorrow."""
    private = [cls for cls in below(PrivateFact) if cls.__module__.startswith("services.")]
    hints = {cls: get_type_hints(cls, include_extras=True) for cls in private}
    found = [
        f"{cls.__name__}.{name}"
        for cls in private
        for name, hint in hints[cls].items()
        if checked_when_made(hint)
    ]
    assert ALL and len(private) > 50
    assert found == []
    assert checked_when_made(get_type_hints(ItemOpened, include_extras=True)["item_type"])


def below(cls: type[Any]) -> list[type[Any]]:
    return [each for child in cls.__subclasses__() for each in (child, *below(child))]


def lists() -> list[CodeList]:
    found = [value for module in modules(schemas) for value in vars(module).values()]
    return list({id(value): value for value in found if isinstance(value, CodeList)}.values())


def test_every_list_has_a_name_of_its_own_and_no_code_twice() -> None:
    assert len(lists()) > 50
    repeated = [name for name, times in Counter(each.name for each in lists()).items() if times > 1]
    assert repeated == []
    assert [each.name for each in lists() if len(set(each)) < len(each)] == []


def test_a_list_refuses_a_code_that_is_not_of_its_form() -> None:
    with pytest.raises(ValueError, match="TWO"):
        CodeList("TWO", "one Two")


def test_what_is_opened_advised_and_written_to_people_is_published() -> None:
    assert {row.item for row in CATALOGUE} <= set(ITEM_TYPE)
    assert {row.subject.kind for row in CATALOGUE} <= set(SUBJECT_TYPE)
    assert set(KINDS) <= set(TEMPLATE)
    assert {code for code, _ in MISMATCHES} <= set(ADVISORY), (
        "its code is missing in the list (CONTRIBUTING: a code)"
    )
