"""Spans as OpenTelemetry's own exporter holds them, and a trace drawn as a tree."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from backbone.tracing import Exported
from tests.support.memory_system import MemorySystem


def traced(system: MemorySystem, ratio: float = 1.0) -> InMemorySpanExporter:
    """From now on every service tells of its spans."""
    exporter = InMemorySpanExporter()
    for name, worker in system.workers.items():
        worker.engine.spans = Exported(SimpleSpanProcessor(exporter), name, ratio)
    return exporter


def tree(spans: Iterable[ReadableSpan], trace_id: int) -> list[str]:
    """Of one trace, what came of what: `service: span`, indented. Children in order of their names."""
    of: dict[int | None, list[ReadableSpan]] = {}
    own = [span for span in spans if span.context.trace_id == trace_id]
    known = {span.context.span_id for span in own}
    for span in own:
        parent = span.parent.span_id if span.parent else None
        of.setdefault(parent if parent in known else None, []).append(span)
    return list(drawn(of, None, 0))


def drawn(of: Mapping[int | None, list[Any]], parent: int | None, depth: int) -> Iterator[str]:
    for span in sorted(of.get(parent, ()), key=name_of):
        yield "  " * depth + name_of(span)
        yield from drawn(of, span.context.span_id, depth + 1)


def name_of(span: ReadableSpan) -> str:
    return f"{span.resource.attributes['service.name']!s}: {span.name}"
