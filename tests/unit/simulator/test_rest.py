"""Nobody says that all is at rest while a record is on its way, whoever works, answers or dies in whatever order."""

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.rest import Answer, Kind, Question, Rest

TOPICS = {"a": ("intake", "a.events"), "b": ("a.events", "c.events"), "c": ("a.events", "b.events"), "d": ()}
READS = {"a": ("intake", "a.1"), "b": ("a.0", "a.1", "c.0"), "c": ("a.1", "b.0", "b.1"), "d": ()}
"""Types, and topics of which all is read. `b` and `c` feed each other; `d` only writes what nobody reads."""

COMMANDS = 8


@dataclass
class Service:
    """`outbox`: how many records more each row will lead to. `sent`: in this term."""

    name: str
    outbox: list[int] = field(default_factory=list)
    handled: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sent: dict[Kind, int] = field(default_factory=dict)
    term: int = 0


class Network:
    """Services over a log of one partition for each topic: of each record its type, and how many more it may lead to.
    None is the marker of a transaction, which nobody handles."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.log: dict[str, list[tuple[str, int] | None]] = defaultdict(list)
        self.services = {name: Service(name) for name in READS}
        self.rest = Rest(READS)
        self.commands = 0

    def command(self) -> None:
        """People ask for something, or a record comes from outside."""
        self.commands += 1
        if self.dice.random() < 0.3:
            self.log["intake"].append(("", self.dice.randrange(4)))
            self.rest.told({("intake", 0, ""): len(self.log["intake"])})
        else:
            name = self.dice.choice(list(READS))
            self.services[name].outbox.append(self.dice.randrange(4))
            self.rest.commanded(name)

    def step(self) -> None:
        """Somebody does something, or dies and forgets what was sent; now and then there is one command more."""
        if self.commands < COMMANDS and self.dice.random() < 0.05:
            self.command()
        service = self.dice.choice(list(self.services.values()))
        self.dice.choice([self.handle, self.handle, self.send, self.send, self.die])(service)

    def handle(self, service: Service) -> None:
        for topic in TOPICS[service.name]:
            for offset in range(service.handled[topic], len(self.log[topic])):
                service.handled[topic] = offset + 1
                if self.wanted(service, topic, self.log[topic][offset]):
                    _, more = self.log[topic][offset] or ("", 0)
                    service.outbox += [more - 1] * self.dice.randrange(3) if more else []
                    return

    def wanted(self, service: Service, topic: str, record: tuple[str, int] | None) -> bool:
        reads = READS[service.name]
        return record is not None and (record[0] in reads or topic in reads)

    def send(self, service: Service) -> None:
        topic = f"{service.name}.events"
        if service.outbox:
            for more in service.outbox:
                wire_type = f"{service.name}.{self.dice.randrange(2)}"
                self.log[topic].append((wire_type, more))
                service.sent[topic, 0, wire_type] = len(self.log[topic])
            self.log[topic].append(None)
            service.outbox.clear()

    def die(self, service: Service) -> None:
        if self.dice.random() < 0.2:
            service.term += 1
            service.sent = {}

    def waiting(self, service: Service) -> int:
        return len(service.outbox) + sum(
            self.wanted(service, topic, record)
            for topic in TOPICS[service.name]
            for record in self.log[topic][service.handled[topic] :]
        )

    def answer(self, name: str, question: Question) -> Answer | None:
        """Only who has nothing left to do, and has handled what is asked for."""
        service = self.services[name]
        handled = all(service.handled[topic] >= offset for (topic, _), offset in question.handled.items())
        if service.outbox or not handled or (question.ends and self.waiting(service)):
            return None
        return Answer(f"{name} {service.term}", READS[name], dict(service.sent), None)

    def settle(self) -> None:
        """Ask whoever must be asked; while they answer, each at a time of its own, everybody works on."""
        while questions := self.rest.questions():
            answers: list[tuple[str, Question, Answer]] = []
            for name, question in sorted(questions.items(), key=lambda _: self.dice.random()):
                while (answer := self.answer(name, question)) is None:
                    self.step()
                answers.append((name, question, answer))
                for _ in range(self.dice.randrange(4)):
                    self.step()
            for name, question, answer in answers:
                self.rest.answered(name, question, answer)


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_when_nobody_is_left_to_ask_nothing_is_in_flight(seed: int) -> None:
    network = Network(Random(seed))
    for _ in range(4):
        network.command()
        network.settle()
        assert {each.name: network.waiting(each) for each in network.services.values()} == dict.fromkeys(
            READS, 0
        )


def test_who_had_no_part_in_it_is_not_asked() -> None:
    network = Network(Random(1))
    network.settle()
    network.services["d"].outbox.append(0)
    network.rest.commanded("d")
    assert list(network.rest.questions()) == ["d"]
    network.settle()
    assert not network.rest.questions()
    network.services["b"].outbox.append(0)
    network.rest.commanded("b")
    network.send(network.services["b"])
    asked = network.rest.questions()
    answer = network.answer("b", asked["b"])
    assert list(asked) == ["b"] and answer
    network.rest.answered("b", asked["b"], answer)
    assert list(network.rest.questions()) == ["c"], "it reads all that b sends"
