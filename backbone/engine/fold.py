"""The pure engine: orders and states in, new states and facts out. No I/O: what it lacks it names (NotLoaded)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backbone.engine.deferred import Waiting, read_waiting
from backbone.engine.generic import Generic, kinds_of
from backbone.engine.work import Known, Made, Poisoned, Refusal, Refusing, Stale, Work
from backbone.engine.working_set import Entry, NotLoaded, WorkingSet
from backbone.ids import command_id, fact_id
from backbone.model.aggregate import Aggregate, Lookup, One, Order, Send, Target, as_order, tag_of
from backbone.model.column import AllOf
from backbone.model.decision import Content, Given, Refused, Ruled, TooEarly
from backbone.model.head import SYSTEM, Cause, Event, Head
from backbone.model.rights import forbidden, never_for
from backbone.model.service import Service
from backbone.model.table import Transition
from schemas.fact import Fact


class Fold:
    """One pass over a run's work, in order."""

    def __init__(
        self, service: Service, rules: Any, now: datetime, working: WorkingSet, known: Known
    ) -> None:
        self.service = service
        self.rules = rules
        self.now = now
        self.working = working
        self.known = known
        self.made = Made()
        self._done: set[str] = set()
        self._order_done: list[str] = []
        self._contents: dict[str, bytes] = dict(known.contents)
        self._failed: tuple[Send, str] | None = None
        for row in known.deferred:
            self.made.waiting[row.order_id] = read_waiting(row, kinds_of(service))

    def run(self, works: Sequence[Work]) -> Made:
        """Raises NotLoaded when something must be loaded first, Poisoned with all the work that can't be decided."""
        poisoned: list[tuple[Work, Exception]] = []
        for work in works:
            mark = self.working.mark()
            try:
                self._work(work)
            except NotLoaded:
                raise
            except Exception as error:
                self.working.undo(mark)
                poisoned.append((work, error))
        if poisoned:
            raise Poisoned(poisoned) from poisoned[0][1]
        return self.made

    def _work(self, work: Work) -> None:
        work.refusal = None
        for order in work.orders:
            refusal = self.give(work.cause, order)
            if refusal is not None and work.refusal is None:
                work.refusal = refusal

    def give(self, cause: Cause, order: Order) -> Refusal | None:
        """Carry a group out, or nothing of it."""
        mark = self.working.mark()
        events, contents, done = len(self.made.events), len(self.made.contents), len(self._order_done)
        refusal = self._group(cause, order)
        if refusal is not None:
            self.working.undo(mark)
            del self.made.events[events:], self.made.contents[contents:]
            self._done.difference_update(self._order_done[done:])
            del self._order_done[done:]
            self._take_note(cause, order, refusal)
            return refusal
        self._follow(mark, events)
        return None

    def _group(self, cause: Cause, order: Order) -> Refusal | None:
        lane_key = self._resolve(order.about) if order.about else cause.lane_key
        pathway_id = self._resolve(order.pathway) if order.pathway else cause.pathway_id
        for send in order.sends:
            for target in self._targets(send.aggregate, send.to):
                refusal = self._send(cause, send, target, lane_key, pathway_id)
                if refusal is not None:
                    self._failed = (send, target)
                    return refusal
        return None

    def _targets(self, aggregate: Aggregate[Any], target: Target) -> Sequence[str]:
        if isinstance(target, AllOf):
            if (aggregate.kind, target) not in self.known.selectors:
                raise NotLoaded(selectors=[(aggregate.kind, target)])  # type: ignore[list-item]
            return self.working.matching(aggregate.kind, target)
        return (self._resolve(target),)

    def _resolve(self, target: One | Lookup) -> str:
        return target.id if isinstance(target, One) else self.known.lookups[target]

    def _send(
        self, cause: Cause, send: Send, target: str, lane_key: str | None, pathway_id: str | None
    ) -> Refusal | None:
        entry = self.working.entry(send.aggregate.kind, target)
        identity = command_id(cause.id, tag_of(type(send.command)), target)
        if identity in self._done:
            return None
        if not entry.version:
            entry.lane_key = lane_key if send.aggregate.has_lane else None
            entry.pathway_id = pathway_id if send.aggregate.has_pathway else None
        decide = send.aggregate.decide.rows.get((type(entry.state), type(send.command)))
        if send.expecting is not None and send.expecting != entry.version:
            return self._stale(cause, send.expecting, entry, decide)
        if decide is None:
            return self._impossible(cause, entry, type(send.command))
        decision = decide(entry.state, send.command, self._given(cause, send, entry, identity))
        if isinstance(decision, Refused | TooEarly):
            return decision
        self._done.add(identity)
        self._order_done.append(identity)
        self._apply(cause, entry, identity, decision)
        return None

    def _stale(self, cause: Cause, expected: int, entry: Entry, decide: Transition | None) -> Refusal:
        """Right before version: who may not ask is not told which version stands."""
        asking = self._asking(cause, entry)
        return (decide and forbidden(decide, entry.state, asking)) or Stale(expected, entry.version)

    def _asking(self, cause: Cause, entry: Entry) -> Given[Any]:
        return Given("", entry.id, self.now, cause.actor, self.rules, cause.rights)

    def _impossible(self, cause: Cause, entry: Entry, command: type) -> Refused:
        """Who may not ask for it in any state is told that, not what stands."""
        if refused := never_for(entry.aggregate.decide, command, self._asking(cause, entry)):
            return refused
        possible = tuple(command.__name__ for command in entry.aggregate.decide.answers(type(entry.state)))
        return Refused(
            f"not possible while {entry.aggregate.kind} is {tag_of(type(entry.state))}", instead=possible
        )

    def _given(self, cause: Cause, send: Send, entry: Entry, identity: str) -> Given[Any]:
        aggregate, command = send.aggregate, send.command
        given = Given(
            command_id=identity,
            target=entry.id,
            at=self.now,
            actor=cause.actor,
            rules=self.rules,
            rights=cause.rights,
            lane_key=entry.lane_key,
            pathway_id=entry.pathway_id,
            cause_id=cause.id,
            number=entry.number if not entry.version else None,
            version=entry.version,
        )
        refs = tuple(aggregate.reads(entry.state, command))
        if refs:
            given.contents = self._read(refs)
        needs = tuple(aggregate.needs(entry.state, command))
        if needs:
            given.others = {key[1]: self.working.entry(*key).state for key in needs}
        return given

    def _read(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        unread = [ref for ref in refs if ref not in self._contents]
        if unread:
            raise NotLoaded(contents=unread)
        return {ref: self._contents[ref] for ref in refs if self._contents[ref]}

    def _apply(self, cause: Cause, entry: Entry, identity: str, decision: Sequence[Any]) -> None:
        index = 0
        for step in decision:
            if isinstance(step, Content):
                self.made.contents.append((step, entry.lane_key))
                self._contents[step.ref] = step.body
                continue
            index += 1
            fact, rules = (step.fact, step.named) if isinstance(step, Ruled) else (step, ())
            self._evolve(cause, entry, fact, fact_id(identity, entry.id, index), rules)

    def _evolve(self, cause: Cause, entry: Entry, fact: Fact, identity: str, rules: tuple[str, ...]) -> None:
        evolve = entry.aggregate.evolve.rows[type(entry.state), type(fact)]
        public = fact.public
        head = Head(
            event_id=identity,
            type=fact.wire_type,
            origin=self.service.name,
            occurred_at=self.now,
            recorded_at=self.now,
            aggregate_type=entry.aggregate.kind,
            aggregate_id=entry.id,
            version=entry.version + 1,
            sequence=entry.sequence + 1 if public else None,
            lane_key=entry.lane_key,
            pathway_id=entry.pathway_id,
            correlation_id=cause.correlation_id,
            causation_id=cause.id,
            actor=cause.actor,
            rules=rules,
            traceparent=cause.traceparent,
        )
        self.working.put(entry, evolve(entry.state, fact, head))
        entry.version += 1
        entry.sequence += public
        self.made.events.append((entry, Event(head, fact)))

    def _take_note(self, cause: Cause, order: Order, refusal: Refusal) -> None:
        """A reaction's order that came too early is kept; one that is refused is recorded. A request is told."""
        assert self._failed is not None
        send, target = self._failed
        if cause.source == "request":
            return
        if isinstance(refusal, TooEarly):
            waiting = Waiting.of(
                cause, self._fixed(order), send.aggregate.kind, target, refusal.reason, self.now
            )
            if waiting.order_id not in self.made.waiting:
                self.made.waiting[waiting.order_id] = waiting
                self.give(cause, Generic.of(self.service).watch(cause, waiting))
            return
        self.made.refusals.append(Refusing(cause.id, send, target, refusal))

    def _fixed(self, order: Order) -> Order:
        """The same group with its lookups resolved: what is kept must not need the key again."""
        sends = tuple(
            send
            if isinstance(send.to, AllOf)
            else Send(send.aggregate, send.command, One(self._resolve(send.to)))
            for send in order.sends
        )
        about = One(self._resolve(order.about)) if order.about else None
        pathway = One(self._resolve(order.pathway)) if order.pathway else None
        return Order(sends, about, pathway)

    def _follow(self, mark: int, events: int) -> None:
        """After a group: the facts that this service handles at once, and the groups that waited for what changed."""
        for _, event in self.made.events[events:]:
            if event.head.type in self.service.local_types:
                cause = cause_of(event)
                for reaction in self.service.reactions_by_type.get(event.head.type, ()):
                    for order in reaction(event, self.rules):
                        self.give(cause, as_order(order))
        if self.made.waiting:
            self._resume({(entry.aggregate.kind, entry.id) for entry in self.working.touched_since(mark)})

    def _resume(self, changed: set[tuple[str, str]]) -> None:
        for waiting in [w for w in self.made.waiting.values() if (w.kind, w.target) in changed]:
            del self.made.waiting[waiting.order_id]
            self.give(waiting.cause, waiting.order)
            if waiting.order_id not in self.made.waiting:
                self.made.resumed.append(waiting.order_id)
                self.give(waiting.cause, Generic.of(self.service).unstick(waiting))


def cause_of(event: Event[Any]) -> Cause:
    """A fact as the cause of what follows. Who did the first is not who does the second: software does."""
    head = event.head
    return Cause(
        id=head.event_id,
        at=head.occurred_at,
        actor=SYSTEM,
        correlation_id=head.correlation_id,
        lane_key=head.lane_key,
        pathway_id=head.pathway_id,
        traceparent=head.traceparent,
        source="fact",
        type=head.type,
    )
