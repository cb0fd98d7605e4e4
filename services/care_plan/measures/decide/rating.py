"""What a score means beside the ones before it: change, responder, band, findings (OUT-02 to OUT-08). Pure."""

from typing import Any, NamedTuple

from backbone.model import Given, Ruled
from config.instruments import Scoring, Subscale
from config.rules import Rule
from schemas.care_plan.v1.codes import Finding, Instrument
from schemas.care_plan.v1.measure import MeasureScored, PartScore
from services.care_plan.history.states import History, Score
from services.care_plan.measures.decide.scoring import (
    ALGORITHM,
    Answers,
    Scored,
    band_of,
    change_percent,
    exact_of,
    has_improved,
    is_responder,
    is_worse,
    rounded,
    score,
)
from services.care_plan.measures.decide.suicide_risk import judged
from services.care_plan.rules import Measures, Rules


class Compared(NamedTuple):
    """A score beside the base and the last comparable one. `answers` are those that it was made of."""

    now: Scored
    answers: Answers
    base: Scored | None
    last: Scored | None
    responder: bool | None


def rated(
    instrument: Instrument,
    answers: Answers,
    history: History,
    ids: tuple[str, str],
    given: Given[Rules],
) -> tuple[list[Ruled], str | None]:
    """The facts of a scored instrument, and why a score is lacking. `ids`: request and submission."""
    scored: list[Ruled] = []
    lacking = None
    for subscale, scale in given.rules.measures.instruments[instrument].values.scales.items():
        result = score(answers, given.rules.measures.instruments[instrument].values, scale)
        if isinstance(result, str):
            lacking = result
        else:
            scored.append(fact_of((instrument, subscale), result, answers, history, ids, given))
    return scored, lacking


def fact_of(
    scored: tuple[Instrument, str | None],
    result: Scored,
    answers: Answers,
    history: History,
    ids: tuple[str, str],
    given: Given[Rules],
) -> Ruled:
    """A score beside the base and the last one. `scored`: instrument and subscale."""
    measures, (instrument, subscale) = given.rules.measures, scored
    rule = measures.instruments[instrument]
    version, scale = rule.values.instrument_version, rule.values.scales[subscale]
    base = as_scored(history.base(instrument, version, subscale), rule.values, scale)
    responder = base and responds((instrument, scale), base, result, measures)
    last = as_scored(history.latest(instrument, version, subscale), rule.values, scale)
    compared = Compared(result, answers, base, last, responder)
    within = band_of(answers, result, rule.values, scale)
    found = findings(instrument, compared, measures)
    fact = MeasureScored(
        request_id=ids[0],
        submission_id=ids[1],
        instrument=instrument,
        subscale=subscale,
        instrument_version=version,
        loinc=rule.values.loinc,
        score=result.score,
        item_sum=result.item_sum,
        parts=parts(answers, rule.values),
        change=rounded(result.exact - base.exact, "0.01") if base else None,
        change_pct=change_percent(base, result, rule.values) if base else None,
        responder=responder,
        band=within.code if within else None,
        findings=(*found, *([within.finding] if within and within.finding else ())),
        algorithm_version=ALGORITHM,
        taken_at=given.at,
    )
    return Ruled(fact, (rule, *rules_of(instrument, measures)))


def responds(
    scale: tuple[Instrument, Subscale], base: Scored, now: Scored, measures: Measures
) -> bool | None:
    """PEG by OUT-03, everything else by its own smallest change that means something."""
    if scale[0] == "peg":
        return is_responder(base, now, measures.responder.values.percent)
    return has_improved(base, now, measures.instruments[scale[0]].values, scale[1])


def parts(answers: Answers, rule: Scoring) -> tuple[PartScore, ...] | None:
    """Scores of the parts of a whole; None where it has none."""
    found = ((name, score(answers, rule, scale)) for name, scale in rule.parts.items())
    scored = (PartScore(subscale=name, score=each.score) for name, each in found if isinstance(each, Scored))
    return tuple(scored) or None


def as_scored(kept: Score | None, rule: Scoring, scale: Subscale) -> Scored | None:
    """A score of the history, as exact as it was."""
    return None if kept is None else Scored(exact_of(kept.score, rule, scale), kept.item_sum)


def rules_of(instrument: Instrument, measures: Measures) -> tuple[Rule[Any], ...]:
    match instrument:
        case "phq9":
            return measures.suicide_risk, measures.depression
        case "peg":
            return measures.responder, measures.worsening
        case "pcs" | "pseq":
            return (measures.psychology,)
        case _:
            return ()


def findings(instrument: Instrument, found: Compared, measures: Measures) -> tuple[Finding, ...]:
    """Of rules that look at the whole; what follows from a band stands with the band."""
    psychology = measures.psychology.values
    match instrument:
        case "phq9":
            return tuple(depression(found, measures))
        case "peg":
            return pain(found, measures)
        case "pcs":
            return ("pcs_high",) if found.now.exact >= psychology.pcs_at_least else ()
        case "pseq":
            return ("pseq_low",) if found.now.exact < psychology.pseq_below else ()
        case _:
            return ()


def pain(compared: Compared, measures: Measures) -> tuple[Finding, ...]:
    """OUT-03, OUT-04. Where there is no base, as in the wait, what is worse than it was last is seen all the same."""
    worse, before = measures.worsening.values, compared.base or compared.last
    if before and is_worse(before, compared.now, worse.points, worse.percent):
        return ("peg_worse",)
    return ("peg_responder",) if compared.responder else ()


def depression(compared: Compared, measures: Measures) -> list[Finding]:
    """OUT-01, OUT-02"""
    rule, now, last = measures.depression.values, compared.now, compared.last
    at_risk = judged(measures.suicide_risk, compared.answers).fired
    found: list[Finding] = ["phq9_item9_positive"] if at_risk else []
    if now.exact >= rule.severe:
        found.append("phq9_severe")
    if last and now.exact - last.exact >= rule.rise:
        found.append("phq9_rise")
    if rule.moderate <= now.exact < rule.severe:
        found.append("phq9_moderate")
    return found
