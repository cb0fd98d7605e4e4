"""What a score means beside the ones before it: change, responder, band, findings (OUT-02 to OUT-08). Pure."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from backbone.model import Ruled
from schemas.care_plan.v1.codes import Finding, Instrument
from schemas.care_plan.v1.measure import MeasureScored
from services.care_plan.domain.measures.history import History, Score
from services.care_plan.domain.measures.scoring import (
    ALGORITHM,
    Answers,
    Scored,
    band,
    change_percent,
    is_responder,
    is_worse,
    rounded,
    score,
)
from services.care_plan.domain.rules import Rules


def as_scored(kept: Score) -> Scored:
    """A score of the history, as exact as it was kept."""
    if kept.instrument == "peg" and kept.item_sum is not None:
        return Scored(Fraction(kept.item_sum, 3), kept.item_sum)
    return Scored(Fraction(kept.score), kept.item_sum)


def rated(
    instrument: Instrument,
    answers: Answers,
    history: History,
    rules: Rules,
    ids: tuple[str, str],
    at: datetime,
) -> Ruled | str:
    """The fact of a scored instrument, or why there is no score. `ids`: request and submission."""
    rule = rules.measures.instruments[instrument].values
    result = score(answers, rule)
    if isinstance(result, str):
        return result
    version = rule.instrument_version
    base, last = history.base(instrument, version), history.latest(instrument, version)
    start = as_scored(base) if base else None
    responder = None
    if instrument == "peg" and start:
        responder = is_responder(start, result, rules.measures.responder.values.percent)
    fact = MeasureScored(
        request_id=ids[0],
        submission_id=ids[1],
        instrument=instrument,
        instrument_version=version,
        loinc=rule.loinc,
        score=result.score,
        item_sum=result.item_sum,
        change=rounded(result.exact - start.exact, "0.01") if start else None,
        change_pct=change_percent(start, result) if start else None,
        responder=responder,
        band=band(result.exact, rule),
        findings=findings(
            instrument, result, answers, (start, as_scored(last) if last else None), responder, rules
        ),
        algorithm_version=ALGORITHM,
        taken_at=at,
    )
    return Ruled(fact, (rules.measures.instruments[instrument].named, *rules_of(instrument, rules)))


def rules_of(instrument: Instrument, rules: Rules) -> tuple[str, ...]:
    measures = rules.measures
    match instrument:
        case "phq9":
            return measures.suicide_risk.named, measures.depression.named
        case "peg":
            return measures.responder.named, measures.worsening.named
        case "pcs" | "pseq":
            return (measures.psychology.named,)
        case _:
            return ()


def findings(
    instrument: Instrument,
    now: Scored,
    answers: Answers,
    before: tuple[Scored | None, Scored | None],
    responder: bool | None,
    rules: Rules,
) -> tuple[Finding, ...]:
    """`before`: the base and the last comparable score."""
    base, last = before
    match instrument:
        case "phq9":
            return tuple(depression(now, answers, last, rules))
        case "peg":
            worse = rules.measures.worsening.values
            if base and is_worse(base, now, worse.points, worse.percent):
                return ("peg_worse",)
            return ("peg_responder",) if responder else ()
        case "pcs":
            return ("pcs_high",) if now.exact >= rules.measures.psychology.values.pcs_at_least else ()
        case "pseq":
            return ("pseq_low",) if now.exact < rules.measures.psychology.values.pseq_below else ()
        case _:
            return ()


def depression(now: Scored, answers: Answers, last: Scored | None, rules: Rules) -> list[Finding]:
    """OUT-01, OUT-02"""
    rule = rules.measures.depression.values
    found: list[Finding] = ["phq9_item9_positive"] if risk_answered(answers, rules) else []
    if now.exact >= rule.severe:
        found.append("phq9_severe")
    if last and now.exact - last.exact >= rule.rise:
        found.append("phq9_rise")
    if rule.moderate <= now.exact < rule.severe:
        found.append("phq9_moderate")
    return found


def risk_answered(answers: Answers, rules: Rules) -> bool:
    """OUT-01: as soon as the item is there, whatever else is missing."""
    rule = rules.measures.suicide_risk.values
    answer = answers[rule.item - 1] if len(answers) >= rule.item else None
    return answer is not None and Decimal(answer) >= rule.at_least
