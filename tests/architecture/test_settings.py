"""No setting is there that nobody reads: whoever changes it would believe that something changes. And no number decides
that is not a setting, or has its reason here. What helped to decide is named by the fact."""

import ast
import re
from collections.abc import Iterator, Mapping

from tests.architecture.test_nothing_dead import Trees, ours
from tests.support.house_rules import every

SETTINGS = re.compile(r"config(\.\w+)?|services\..*\.rules")
"""Modules whose classes are the shapes of files."""
LABELS = {"licence"}
"""What people read in the file itself and in GET /rules: what an instrument may be used for."""
DECIDES = re.compile(
    r"services\.\w+(\.\w+)*\.(decide|aggregate|reactions|evolve|commands|states|content)(\.\w+)*"
)
"""Modules whose functions decide something."""
RULE_NAME = re.compile(r"[A-Z]{2,4}-\d{2}(@\d+)?|[a-z_.]+@\d+")

NUMBERS: Mapping[str, Mapping[object, str]] = {
    "services.worklist.ladder.aggregate": {
        100: "how much is remembered: a day of calls each quarter of an hour"
    },
    "services.care_plan.conflict.states": {
        2: "the largest number that is written so",
        31: "the largest number that is written so",
    },
    "services.care_plan.procedure.decide.order": {2: "years: a bound of what is a date at all"},
    "services.care_plan.procedure.decide.places": {
        6: "five vertebrae of the loins, and of the sacrum",
        9: "eight roots of the neck",
        13: "twelve vertebrae of the chest",
    },
    "services.care_plan.goal.decide": {28: "digits of precision", 50: "T-score", 10: "T-score"},
    "services.care_plan.history.states": {100: "percent"},
    "services.care_plan.measures.decide.scoring": {
        100: "percent",
        2: "DASS-21 counts double, by its definition",
    },
    "services.care_plan.mdt.decide.case": {
        2: "order of priorities",
        3: "order of priorities",
        20: "a bound of what one case takes",
    },
    "services.notifications.agenda.evolve": {
        14: "more than the week that the caps look back on",
        20: "bound of what is kept to know a repetition",
    },
    "services.notifications.agenda.states": {60: "days, longer than a fact may come again"},
    "services.notifications.guesses.aggregate": {
        100000000: "eight digits",
        16: "base of a key",
        8: "digits that a key is made of",
    },
    "services.notifications.escalation.decide.calls": {
        1000000: "six digits",
        16: "base of a code",
        8: "digits that a code is made of",
    },
    "services.notifications.message.decide.caps": {7: "days of a week"},
    "services.notifications.templates.content": {
        4: "number of ranks",
        3: "which template it is: `reminders` says whether it goes",
        7: "which template it is: `measure_reminders` says whether it goes",
        2: "which template it is: `measure_reminders` says whether it goes",
        30: "part of the message's identity: `pifu` says when it goes",
    },
    "services.referral.referral.commands": {8000: "bound of a text"},
    "services.referral.referral.decide.suggestion": {12: "months of a year"},
    "services.referral.referral.reactions.results": {400: "bound of a text"},
    "services.referral.referral.decide.waiting": {
        100: "percent",
        9998: "the last day of all",
        12: "as above",
        31: "as above",
    },
    "services.referral.referral.decide.waits": {20: "bound of a screen"},
    "services.scheduling.joint_day.aggregate": {2: "joint: two at least"},
    "services.worklist.item.decide.escalation": {
        2: "once overdue, once by a good part of its time",
        100: "percent",
    },
    "services.worklist.item.decide.openings": {2: "place among the facts of an opening", 3: "as above"},
    "services.worklist.waits.decide": {0.9: "nine of ten, by its name"},
    "services.worklist.queue.decide": {
        2: "2^53",
        53: "largest whole number of JSON",
        1000000: "microseconds",
    },
}
"""Numbers that are no thresholds, by module, with what they are."""
SPELLED: Mapping[str, str] = {
    "services.worklist.catalogue.decide.care_plan": "another service's rule, as its fact names it",
}
"""Modules that name rules by text: known, with the reason."""
OF_A_MESSAGE = "when a message goes, and whether; why one does not is said by a code"
UNNAMED: Mapping[str, str] = {
    "care_plan.battery": "when questionnaires are asked; each request says which and by when",
    "care_plan.holding": "it only refuses, and a refusal is no fact",
    **{
        f"notifications.{rule}": OF_A_MESSAGE
        for rule in (
            *("caps", "coalescing", "consent", "contacts", "content", "lateness", "measure_reminders"),
            *("pifu", "preparation", "quiet_hours", "reminders", "reply_codes", "short_notice", "waits"),
        )
    },
    "referral.lookalikes": "how many are asked about; the fact says how many more there are",
    "worklist.before_procedure": "when work is due, which its fact says",
    "worklist.contact_soon": "as above",
    "worklist.watch": "how long nobody looks; what comes of it is work",
}
"""Rules that stand in no fact (`ce_rules`), by service and field, with the reason."""


def settings(tree: ast.Module) -> Iterator[str]:
    """Fields, but for those with one legal value: their type says what is done."""
    for model in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        if any(ast.unparse(base) == "NamedTuple" for base in model.bases):
            continue
        for field in (each for each in model.body if isinstance(each, ast.AnnAssign)):
            if not re.fullmatch(r"_\w+: .*|\w+: Literal\[[^,]*\].*", ast.unparse(field)):
                yield ast.unparse(field.target)


def read(tree: ast.Module) -> Iterator[str]:
    """Attributes, but for what validators look at: a check is no use."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if not any("validator" in ast.unparse(each) for each in decorators):
            todo += ast.iter_child_nodes(node)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr


def unread(trees: Trees) -> set[str]:
    """A service's own settings are read in that service: the same word elsewhere is another thing."""
    reads = {name: set(read(tree)) for name, tree in trees.items()}
    found = set()
    for module in filter(SETTINGS.fullmatch, trees):
        root = module.removesuffix("rules") if module.startswith("services.") else ""
        readers = [names for name, names in reads.items() if name.startswith((root, "config.", "backbone."))]
        found |= set(settings(trees[module])) - LABELS - set().union(*readers)
    return found


def said(tree: ast.Module) -> Iterator[ast.Constant]:
    """Constants of the code, without what is only text about it."""
    texts = {id(node.value) for node in every(tree) if isinstance(node, ast.Expr)}
    yield from (node for node in every(tree) if isinstance(node, ast.Constant) and id(node) not in texts)


def numbers(trees: Trees) -> set[tuple[str, object]]:
    """But for 0 and 1, which count."""
    return {
        (name, node.value)
        for name, tree in trees.items()
        if DECIDES.fullmatch(name)
        for node in said(tree)
        if type(node.value) in (int, float) and node.value not in (0, 1)
    }


def spelled(trees: Trees) -> set[str]:
    """Modules that name a rule by text, though there is an object that knows its version."""
    return {
        name
        for name, tree in trees.items()
        if name.startswith("services.")
        for node in said(tree)
        if isinstance(node.value, str) and RULE_NAME.fullmatch(node.value)
    }


def unnamed(trees: Trees) -> set[str]:
    """Rules whose values are all that their service takes of them: no fact can say that they helped."""
    found = set()
    for module in (each for each in trees if each.startswith("services.") and each.endswith(".rules")):
        service = module.split(".")[1]
        taken = [
            rule
            for name, tree in trees.items()
            if name.startswith(f"services.{service}.")
            for rule in whole(tree)
        ]
        found |= {f"{service}.{rule}" for rule in set(rules_in(trees[module])) - set(taken)}
    return found


def rules_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith("Rule["):
            yield ast.unparse(node.target)


def whole(tree: ast.Module) -> Iterator[str]:
    """What is taken of something, but for that of which only the values are."""
    read_of = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "values"
    }
    yield from (
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and id(node) not in read_of
    )


def test_every_setting_is_read() -> None:
    assert unread(ours()) == set(), "a decider reads it, or it goes"


def test_every_number_that_decides_is_a_setting_or_has_its_reason() -> None:
    known = {(module, number) for module, those in NUMBERS.items() for number in those}
    found = numbers(ours())
    assert found - known == set(), "make it a threshold (CONTRIBUTING), or say in NUMBERS what it is"
    assert known - found == set(), "NUMBERS has what is there no more"


def test_rules_are_named_by_the_rules_themselves() -> None:
    assert spelled(ours()) == set(SPELLED), "take the rule's own `named`"


def test_a_fact_names_the_rules_that_helped_or_a_rule_says_why_none_does() -> None:
    found = unnamed(ours())
    assert found - UNNAMED.keys() == set(), (
        "return Ruled(fact, (rule,)), or say in UNNAMED why no fact names it"
    )
    assert UNNAMED.keys() - found == set(), "UNNAMED has what a fact names"


def test_a_setting_that_nobody_reads_is_found() -> None:
    planted = """class Offers(Values):
    days: int
    hold_hours: int
    counts: Literal[False]

    @model_validator(mode="after")
    def is_enough(self):
        assert self.hold_hours
    """
    use, elsewhere = ast.parse("rules.offers.days"), ast.parse("other.hold_hours")
    trees = {"services.x.rules": ast.parse(planted), "services.x.decide": use, "services.y.decide": elsewhere}
    assert unread(trees) == {"hold_hours"}


def test_a_rule_whose_values_alone_are_taken_is_found() -> None:
    shape = ast.parse("class Settings:\n    wait: Rule[Days]\n    hold: Rule[Days]")
    use = (
        "Ruled(fact, (given.rules.x.wait,)) if given.rules.x.hold.values.days else given.rules.x.wait.values"
    )
    assert unnamed({"services.x.rules": shape, "services.x.decide": ast.parse(use)}) == {"x.hold"}


def test_a_number_and_a_name_that_are_written_into_a_decider_are_found() -> None:
    trees = {
        "services.x.thing.decide.offers": ast.parse('"""30 days."""\nDAYS = 30\nrule = "SCH-06@1"\nfirst[0]')
    }
    assert numbers(trees) == {("services.x.thing.decide.offers", 30)}
    assert spelled(trees) == {"services.x.thing.decide.offers"}
