"""Spans: what was done, when, and because of what. A span is a value, made when its work is committed, where its
trace is kept: who begins a trace decides that for everybody after (W3C's flag `sampled`).

The ids follow from what was done (a command's id, a fact's), so a trace goes through tables and topics without anybody
keeping a span open, and what is done again under the same cause is the same span. Off, unless an exporter is given.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from backbone.errors import UnusableSettings
from backbone.ids import derive
from backbone.telemetry import TRACEPARENT, log


class Span(NamedTuple):
    """`trace` is its own traceparent, `parent` that of what caused it. Times are nanoseconds of the wall clock. `kind`:
    server, internal, producer, consumer, client. Attributes are codes and ids, never content."""

    name: str
    kind: str
    trace: str
    parent: str | None
    began: int
    ended: int
    attributes: Mapping[str, Any] = {}
    failed: bool = False


class Spans(Protocol):
    """Who is told of spans."""

    on: bool

    def keeps(self, number: str) -> bool:
        """Whether a trace of this number, which begins here, is told of."""

    def tell(self, spans: Iterable[Span]) -> None: ...


class NoSpans:
    """Nobody."""

    on = False

    def keeps(self, number: str) -> bool:
        return False

    def tell(self, spans: Iterable[Span]) -> None:
        """Nothing is made that nobody looks at."""


class Exported:
    """OpenTelemetry's, by one of its span processors; of the traces that begin here, by its sampler, this share."""

    on = True

    def __init__(self, processor: Any, service: str, ratio: float = 1.0) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased

        self._processor = processor
        self._sampler, self._sampled = TraceIdRatioBased(ratio), Decision.RECORD_AND_SAMPLE
        self._resource = Resource({"service.namespace": "huddle", "service.name": service})

    def keeps(self, number: str) -> bool:
        return self._sampler.should_sample(None, int(number, 16), "").decision is self._sampled

    def tell(self, spans: Iterable[Span]) -> None:
        """The work is done: a mistake in telling of it is logged and disturbs nobody."""
        try:
            for span in spans:
                self._processor.on_end(self._readable(span))
        except Exception:
            log.exception("spans are not told")

    def _readable(self, span: Span) -> Any:
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import SpanKind, Status, StatusCode

        return ReadableSpan(
            name=span.name,
            context=context_of(span.trace),
            parent=context_of(span.parent) if span.parent else None,
            resource=self._resource,
            attributes=dict(span.attributes),
            kind=SpanKind[span.kind.upper()],
            status=Status(StatusCode.ERROR if span.failed else StatusCode.UNSET),
            start_time=span.began,
            end_time=span.ended,
        )


def context_of(trace: str) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags

    _, trace_id, span_id, flags = trace.split("-")
    return SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )


def exporting(endpoint: str, service: str, ratio: float = 1.0) -> tuple[Exported, Any]:
    """To an OpenTelemetry collector, over OTLP, in batches; and the processor, to be shut down at the end. Raises
    UnusableSettings where the libraries are not installed."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise UnusableSettings(
            "HUDDLE_TRACES needs libraries that are not installed: take requirements/traces.txt (Docker: "
            "--build-arg REQUIREMENTS=traces), or unset it."
        ) from None
    processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint))
    return Exported(processor, service, ratio), processor


def always(number: str) -> bool:
    return True


def begun(identity: str, keeps: Callable[[str], bool] = always) -> str:
    """A trace that begins with what has this id. Samplers look at the second half of its number, where an id has bits
    that are the same in all: so the halves change places."""
    digits = identity.replace("-", "")
    number = digits[16:] + digits[:16]
    return f"00-{number}-{half(identity)}-{flags(keeps(number))}"


def trace_of(header: str | None, keeps: Callable[[str], bool] = always) -> str:
    """The caller's trace with a span of our own, or a new trace when the header is absent or malformed (W3C)."""
    span = secrets.token_hex(8)
    if header and TRACEPARENT.match(header):
        return f"{header[:36]}{span}{header[52:]}"
    number = secrets.token_hex(16)
    return f"00-{number}-{span}-{flags(keeps(number))}"


def flags(kept: bool) -> str:
    return "01" if kept else "00"


def kept(trace: str | None) -> bool:
    """Whether somebody is told of this trace."""
    return trace is not None and int(trace[53:], 16) % 2 == 1


def within(trace: str, identity: str) -> str:
    """The same trace, at what has this id."""
    return f"{trace[:36]}{half(identity)}{trace[52:]}"


def then(trace: str, name: str) -> str:
    """The same trace, at what is named so."""
    return within(trace, derive(begun_by(trace), name))


def begun_by(trace: str) -> str:
    """The trace's number as an id."""
    number = trace[3:35]
    return f"{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}"


def half(identity: str) -> str:
    """A span's number: the second half of an id."""
    return identity[19:23] + identity[24:]
