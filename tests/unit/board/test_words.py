"""Nobody reads a code: everything that the board can show has words, and no word is kept for nothing."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from board.words import words
from cli.composition import service_of
from config.loading import SHIPPED
from schemas.codes import ITEM_TYPE, Priority
from schemas.referral.v1.codes import ADVISORY, ENDING
from schemas.services import NAMES
from schemas.topics import QUEUES
from schemas.worklist.v1.codes import CANCEL_REASON, HOLD_REASON, ITEM_CAUSE, RELEASE_REASON, TRANSFER_REASON
from services.worklist.catalogue.decide.table import CATALOGUE

STATIC = Path(__file__).parent.parent.parent.parent / "board/static"
SERVICES = STATIC.parent.parent / "services"
RULE_ID = rf"\b({'|'.join(map(re.escape, words()['rules']))})\b"
SQL_REMARK = re.compile("--.*")
OTHERS = {"forms", "patient", "vendor"}
CLIENT = [
    path
    for path in STATIC.rglob("*.js")
    if path.parent.name not in OTHERS and path.stem not in {"work", "patient"}
]
"""The live client; forms and the patient page ask for words of their own tables."""


def test_every_item_type_of_the_catalogue_has_its_words():
    opened = {row.item for row in CATALOGUE}
    for table in ("titles", "why", "closes"):
        assert opened - set(words()[table]) == set(), table
        assert set(ITEM_TYPE.codes) - set(words()[table]) == set(), table


def test_no_word_is_kept_for_an_item_type_that_is_none():
    for table in ("titles", "neutral", "why", "closes"):
        assert set(words()[table]) - set(ITEM_TYPE.codes) == set(), table
    assert set(words()["details"]) - set(ITEM_TYPE.codes) == {"codes"}


def test_a_neutral_title_names_no_drug_finding_or_diagnosis():
    shown = [words()["neutral"].get(code, title).lower() for code, title in words()["titles"].items()]
    assert not [title for title in shown if re.search("opioid|blood|thinner|psycholog|worse|pain", title)]


def test_queues_reasons_and_priorities_have_words():
    assert set(words()["queues"]) == set(QUEUES)
    assert set(words()["priorities"]) == set(get_args(Priority))
    lists = (CANCEL_REASON, HOLD_REASON, ITEM_CAUSE, RELEASE_REASON, TRANSFER_REASON)
    assert {code for each in lists for code in each.codes} == set(words()["reasons"])


def test_what_a_referral_is_advised_of_and_ended_for_is_no_code_in_capitals():
    """What stands in small letters reads as words (`form.js`)."""
    shown = {code for each in (ADVISORY, ENDING) for code in each.codes if code.isupper()}
    assert shown - words()["codes"].keys() == set(), "its words are missing in board/words.toml, [codes]"


def test_every_rule_of_every_service_has_words_and_no_words_are_kept_for_a_rule_that_is_none():
    """Whatever a clinic finds unverified, scores by or asks to depart from can come to the page."""
    rules = [each.rule for name in NAMES for each in service_of(name).load_rules(SHIPPED).all_versions]
    assert {rule.id for rule in rules} == words()["rules"].keys(), "board/words.toml, [rules], says each once"
    assert [text for text in words()["rules"].values() if re.search(RULE_ID, text)] == []


def test_no_sentence_of_a_service_names_a_rule_by_its_id():
    """Refusals are shown as they are. What `rules.py` says of a file is for who writes it."""
    found = [
        f"{path.relative_to(SERVICES)}: {text}"
        for path in SERVICES.rglob("*.py")
        if path.name != "rules.py"
        for text in sentences(ast.parse(path.read_text()))
        if re.search(RULE_ID, SQL_REMARK.sub("", text))
    ]
    assert found == []


def sentences(tree):
    """Every text with several words that is not there to be read in the source."""
    documented = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            documented.add(node.value)
        elif isinstance(node, ast.Constant) and node not in documented and " " in str(node.value):
            yield str(node.value)


def asked_for(call: str) -> set[str]:
    return {key for path in CLIENT for key in re.findall(rf"{call}\('(\w+)'", path.read_text())}


@pytest.mark.parametrize(
    ("call", "table"),
    [(r"(?<![.\w])say", "sentences"), (r"\.say", "forms"), (r"\btimeWord", "times")],
    ids=("pages", "forms", "times"),
)
def test_the_client_asks_for_no_sentence_that_is_not_there(call, table):
    assert asked_for(call) - set(words()[table]) == set()


def test_no_sentence_is_kept_for_nothing():
    source = "".join(path.read_text() for path in CLIENT)
    for table in ("sentences", "times", "groups"):
        unused = {key for key in words()[table] if not re.search(rf"\b{key}\b", source)}
        assert unused == set(), table


def test_nobody_says_what_is_not_to_be_said():
    said = str({name: table for name, table in words().items() if name in ("titles", "sentences", "times")})
    assert not re.search(r"\b(breach|sla|ack|entry|payload|sync)\b", said.lower())
