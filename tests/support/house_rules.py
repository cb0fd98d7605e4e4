"""The rules of the house as functions from source text to what breaks them. They read no files."""

import ast
import re
from collections.abc import Iterator
from functools import cache

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
RANDOM_IDS = {"uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4", "uuid_utils.uuid4", "uuid_utils.uuid7", "uuid7"}
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "base", "misc"}

BUSINESS = re.compile(
    r"(patient(?!ly|ce)|referral|referrer|clinic|nurs(e|ing)|triage|physician|psycholog|therap|disciplin|appointment"
    r"|episode|diagnos|medication|opioid|hospital|worklist|scheduling|care_plan|notifications)",
    re.IGNORECASE,
)


@cache
def parsed(source: str) -> ast.Module:
    """Every rule reads the same tree."""
    return ast.parse(source)


def forget() -> None:
    """The trees of the whole project, through which every later collection of garbage would look."""
    parsed.cache_clear()
    every.cache_clear()


def nodes(source: str) -> tuple[ast.AST, ...]:
    return every(parsed(source))


@cache
def every(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All of the tree, walked once."""
    return tuple(ast.walk(tree))


def long_functions(source: str, limit: int = LONGEST_FUNCTION) -> list[str]:
    """Functions with more lines than the limit, their docstring included."""
    if source.count("\n") < limit:
        return []
    lengths = [(node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions(parsed(source))]
    return [f"{name} has {length} lines" for name, length in lengths if length > limit]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Wherever they stand. Expressions, most of a tree, hold none."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        if not isinstance(node, ast.expr):
            yield from functions(node)


def long_file(source: str, limit: int = LONGEST_FILE) -> list[str]:
    """The length of a file that has more lines than the limit."""
    length = len(source.splitlines())
    return [f"{length} lines"] if length > limit else []


def own_ways_to_kafka(source: str) -> list[str]:
    """Clients of aiokafka that are not told `**brokers.arguments`."""
    return [
        f"{_dotted(node.func)} in line {node.lineno}"
        for node in nodes(source if "AIOKafka" in source else "")
        if isinstance(node, ast.Call)
        and re.search(r"AIOKafka\w*(Client|Consumer|Producer)$", _dotted(node.func))
        and not any(each.arg is None and _dotted(each.value).endswith(".arguments") for each in node.keywords)
    ]


def uses(source: str, names: set[str]) -> list[str]:
    """Where one of the dotted names is used or imported, whatever it is called there: somewhere stands its last
    word."""
    if not re.search(rf"\b({'|'.join(name.rpartition('.')[2] for name in names)})\b", source):
        return []
    aliases = dict(_aliases(source))
    found = []
    for node in nodes(source):
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        dotted = _dotted(node)
        head, _, rest = dotted.partition(".")
        full = f"{aliases.get(head, head)}.{rest}" if rest else aliases.get(head, head)
        if any(full == name or full.endswith(f".{name}") for name in names):
            found.append(f"line {node.lineno}: {dotted}")
    return found


def _aliases(source: str) -> Iterator[tuple[str, str]]:
    for node in nodes(source):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def business_words(source: str, allowed: set[str]) -> list[str]:
    """Words of the clinic in names and strings of code. Docstrings and comments may explain; code may not know."""
    docstrings = {id(node.value) for node in nodes(source) if isinstance(node, ast.Expr)}
    found = []
    for node in nodes(source):
        for text in _texts(node, docstrings):
            found += [f"line {getattr(node, 'lineno', 0)}: {word}" for word in _banned(text, allowed)]
    return found


def _banned(text: str, allowed: set[str]) -> list[str]:
    words = re.findall(r"[A-Za-z_]+", text)
    return [word for word in words if BUSINESS.search(word) and word not in allowed]


def _texts(node: ast.AST, docstrings: set[int]) -> list[str]:
    match node:
        case ast.Constant(value=str(text)) if id(node) not in docstrings:
            return [text]
        case ast.Name(id=text) | ast.Attribute(attr=text) | ast.arg(arg=text) | ast.keyword(arg=str(text)):
            return [text]
        case ast.FunctionDef(name=text) | ast.AsyncFunctionDef(name=text) | ast.ClassDef(name=text):
            return [text]
        case ast.alias(name=text) | ast.ImportFrom(module=str(text)):
            return [text]
        case _:
            return []


def business_words_in_sql(source: str) -> list[str]:
    """Words of the clinic in statements; comments may explain."""
    return _banned(re.sub(r"--.*", "", source), set())


def opens_without_a_sentence(source: str) -> list[str]:
    """A module says what is here."""
    return [] if not source.strip() or ast.get_docstring(parsed(source)) else ["no docstring"]


MACHINE = re.compile(  # in brackets, so that this file does not find itself
    r"[.][.]/shared|/[w]ork/|/[r]oot/|[i]ndex-url|/[s]imple/?[\"' ]|/[m]aven2|\"[r]esolved\": *\"http"
)


def names_a_machine(source: str) -> list[str]:
    """Lines that name a path of some machine, a package index, or a folder that users don't have."""
    lines = enumerate(source.splitlines(), 1)
    return [f"line {number}: {line.strip()[:80]}" for number, line in lines if MACHINE.search(line)]


def says_what_is_left_out(source: str, said: frozenset[str]) -> list[str]:
    """Fields of lines of the log that are not on the list of what lines say: written down, and dropped."""
    given = [
        node.value
        for node in nodes(source if "extra" in source else "")
        if isinstance(node, ast.keyword) and node.arg == "extra"
    ]
    dicts = [each for value in given for each in ast.walk(value) if isinstance(each, ast.Dict)]
    names = (str(key.value) for each in dicts for key in each.keys if isinstance(key, ast.Constant))
    return [name for name in names if name not in said]
