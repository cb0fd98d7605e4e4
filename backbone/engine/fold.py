"""The pure engine: orders and states in, new states and facts out. No I/O: what it lacks it names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from backbone.engine.deferred import Deferred, DeferredGroups, fixed
from backbone.engine.generic import Generic
from backbone.engine.wanted import Key, id_of
from backbone.engine.work import (
    Made,
    Poisoned,
    Refusal,
    Refusing,
    Stale,
    Stuck,
    Unread,
    Work,
    check_belonging,
    checked,
    waking,
)
from backbone.engine.working_set import Entry, WorkingSet
from backbone.ids import command_id, fact_id
from backbone.model.aggregate import (
    Aggregate,
    Lookup,
    One,
    Order,
    Send,
    Target,
    as_order,
    no_needs,
    no_refs,
    tag_of,
)
from backbone.model.column import AllOf
from backbone.model.decision import Content, Given, Refused, Ruled, TooEarly
from backbone.model.head import Cause, Event, Head, cause_of
from backbone.model.proposals import answering
from backbone.model.rights import forbidden, never_for
from backbone.model.service import Service
from schemas.fact import Fact

NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Fold:
    """One pass over a run's work, in order.

    It goes on past what is not loaded (`working.missed`), so that one more pass is enough for all of it. If what was
    missed proves to be not there, and the fold `stands`, its result is right.
    """

    def __init__(
        self,
        service: Service,
        rules: Any,
        now: datetime,
        working: WorkingSet,
        lookups: Mapping[Lookup, str] = NOTHING,
        contents: Mapping[str, bytes] = NOTHING,
        deferred: Iterable[Deferred] = (),
        secret: bytes = b"",
        asleep: Collection[str] = (),
    ) -> None:
        self.service = service
        self._secret, self._asleep = secret, asleep
        self.rules = rules
        self.now = now
        self.working = working
        self.stands = True
        self.made = Made(bodies=dict(contents), deferred=DeferredGroups(deferred))
        self._lookups = lookups
        self._local, self._reactions = service.local_types, service.reactions_by_type
        self._done: set[str] = set()
        self._order_done: list[str] = []
        self._failed: tuple[Send, str] | None = None

    def run(self, works: Sequence[Work]) -> Made:
        """Raises Poisoned with all the work that can't be decided, Stuck with what waited and must go on waiting."""
        poisoned: list[tuple[Work, Exception]] = []
        for work in works:
            mark = self.working.mark()
            try:
                self._work(work)
            except Stuck:
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
        made = self.made
        mark = self.working.mark(), len(made.events), len(made.contents), len(self._order_done)
        try:
            refusal = self._group(cause, order)
            if refusal is None:
                self._follow(*mark[:2])
                return None
        except Exception:
            if not self.working.missed:
                raise
            self.stands = False
            self._undo(*mark)
            return None
        self._undo(*mark)
        self._take_note(cause, order, refusal)
        return refusal

    def _undo(self, changes: int, events: int, contents: int, done: int) -> None:
        """Back to how far the fold had come."""
        self.working.undo(changes)
        del self.made.events[events:], self.made.contents[contents:]
        self._done.difference_update(self._order_done[done:])
        del self._order_done[done:]

    def _group(self, cause: Cause, order: Order) -> Refusal | None:
        lane_key = self._id_of(order.about) if order.about else cause.lane_key
        pathway_id = self._id_of(order.pathway) if order.pathway else cause.pathway_id
        for send in checked(order):
            for target in self._targets(send.aggregate, send.to):
                refusal = self._send(cause, send, target, lane_key, pathway_id)
                if refusal is not None:
                    self._failed = (send, target)
                    return refusal
        return None

    def _targets(self, aggregate: Aggregate[Any], target: Target) -> Sequence[str]:
        if isinstance(target, AllOf):
            return self.working.matching((aggregate.kind, target.columns))
        return (self._id_of(target),)

    def _id_of(self, target: One | Lookup) -> str:
        """By its key of the outside world, what stands for another leads to that one."""
        found = id_of(target, self._lookups)
        return self.working.leads_to(target.kind, found) if isinstance(target, Lookup) else found

    def _send(
        self, cause: Cause, send: Send, target: str, lane_key: str | None, pathway_id: str | None
    ) -> Refusal | None:
        entry = self.working.entry(send.aggregate.kind, target)
        identity = command_id(cause.id, tag_of(type(send.command)), target)
        if identity in self._done:
            return None
        born = not entry.version
        if born:
            entry.lane_key = lane_key if send.aggregate.has_lane else None
            entry.pathway_id = pathway_id if send.aggregate.has_pathway else None
        decide = send.aggregate.decide.rows.get((type(entry.state), type(send.command)))
        if send.expecting is not None and send.expecting != entry.version:
            stale = Stale(send.expecting, entry.version)
            return self._forbidden(cause, entry, type(send.command), decide) or stale
        if decide is None:
            return self._impossible(cause, entry, type(send.command))
        given = self._given(cause, send, entry, identity)
        given.about, given.about_pathway = lane_key, pathway_id
        decision = decide(entry.state, send.command, given)
        if isinstance(decision, Refused | TooEarly):
            return decision
        self._done.add(identity)
        self._order_done.append(identity)
        self._apply(self.made.traced(cause, send, identity), entry, identity, decision)
        if born and entry.version:
            check_belonging(entry, send.command)
        return None

    def _forbidden(self, cause: Cause, entry: Entry, command: type, decide: Any = None) -> Refused | None:
        """Right before version and state: who may not ask is told neither."""
        asking = Given("", entry.id, self.now, cause.actor, self.rules, cause.rights)
        if decide is None:
            return never_for(entry.aggregate.decide, command, asking)
        return forbidden(decide, entry.state, asking)

    def _impossible(self, cause: Cause, entry: Entry, command: type) -> Refused:
        if refused := self._forbidden(cause, entry, command):
            return refused
        possible = tuple(command.__name__ for command in entry.aggregate.decide.answers(type(entry.state)))
        return Refused(
            f"not possible while {entry.aggregate.kind} is {tag_of(type(entry.state))}", instead=possible
        )

    def _given(self, cause: Cause, send: Send, entry: Entry, identity: str) -> Given[Any]:
        aggregate, command, born = send.aggregate, send.command, not entry.version
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
            number=self.working.next_number(aggregate.kind) if born and aggregate.numbered else None,
            version=entry.version,
            contents=NOTHING,
            others=NOTHING,
            secret=self._secret,
        )
        if aggregate.reads is not no_refs:
            given.contents = self._read(tuple(aggregate.reads(entry.state, command)))
        if aggregate.needs is not no_needs:
            needs = self.working.of_every_record(aggregate.needs(entry.state, command))
            given.others = {key: self.working.entry(*key).state for key in needs}
        return given

    def _read(self, refs: Sequence[str]) -> Mapping[str, bytes]:
        bodies = self.made.bodies
        unread = [ref for ref in refs if ref not in bodies]
        if unread:
            self.working.missed.contents.update(dict.fromkeys(unread))
            raise Unread
        return {ref: bodies[ref] for ref in refs if bodies[ref]}

    def _apply(self, cause: Cause, entry: Entry, identity: str, decision: Sequence[Any]) -> None:
        index = 0
        for step in decision:
            if isinstance(step, Content):
                self.made.contents.append((step, step.about or entry.lane_key))
                self.made.bodies[step.ref] = step.body
                continue
            index += 1
            fact, rules = (step.fact, step.named) if isinstance(step, Ruled) else (step, ())
            self._evolve(cause, entry, fact, fact_id(identity, entry.id, index), rules)

    def _evolve(self, cause: Cause, entry: Entry, fact: Fact, identity: str, rules: tuple[str, ...]) -> None:
        fact = answering(entry.state, fact, cause.actor)
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
        sequence = head.sequence or entry.sequence
        self.working.put(entry, entry.aggregate.after(entry.state, fact, head), sequence)
        self.made.events.append((entry, Event(head, fact)))

    def _take_note(self, cause: Cause, order: Order, refusal: Refusal) -> None:
        """A reaction's order that came too early is kept; one that is refused is recorded. A request is told."""
        assert self._failed is not None
        send, target = self._failed
        if cause.source == "request":
            return
        if isinstance(refusal, TooEarly):
            kind, awaited = refusal.until or (send.aggregate.kind, target)
            group = Deferred.of(cause, fixed(order, self._id_of), kind, awaited, refusal.reason, self.now)
            if group.order_id not in self.made.deferred:
                self.made.deferred.add(group)
                self.give(cause, Generic.of(self.service).watch(cause, group))
            return
        self.made.refusals.append(Refusing(cause.id, send, target, refusal))

    def _follow(self, changes: int, events: int) -> None:
        """After a group: the facts that this service handles at once, and the groups that waited for what changed."""
        for _, event in self.made.events[events:]:
            if event.head.type in self._local:
                cause = cause_of(event)
                for reaction in self._reactions.get(event.head.type, ()):
                    for order in reaction(event, self.rules):
                        self.give(cause, as_order(order))
        if self.made.deferred:
            self._resume([(e.aggregate.kind, e.id) for e in self.working.touched_since(changes)])

    def _resume(self, changed: Iterable[Key]) -> None:
        deferred = self.made.deferred
        for group in deferred.waiting_for(changed):
            if group.order_id in deferred and group.order_id not in self._asleep:
                deferred.remove(group)
                with waking(group):
                    self.give(group.cause, group.order)
                if group.order_id not in deferred:
                    self.give(group.cause, Generic.of(self.service).unstick(group))
