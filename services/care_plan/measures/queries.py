"""Reads of measures for the API. Nothing is changed or decided here."""

from backbone.engine.runtime import Runtime
from backbone.model import Snapshot
from services.care_plan.measures.aggregate import MEASURE_REQUEST, MeasureRequests
from services.care_plan.measures.states import Ended, MeasureRequest, Requested


async def answered_with(runtime: Runtime, submission_id: str) -> Snapshot[MeasureRequest] | None:
    """The request that this submission answered, as its latest or as an earlier part: then it is one of whoever the
    answers are of."""
    if latest := await runtime.find(MEASURE_REQUEST, MeasureRequests.submission_id(submission_id)):
        return latest[0]
    kept = await runtime.writing(submission_id)
    if kept is None or kept.lane_key is None:
        return None
    async for each in runtime.each_begun(MEASURE_REQUEST, [kept.lane_key]):
        if submission_id in submissions(each.state):
            return each
    return None


def submissions(state: MeasureRequest) -> frozenset[str]:
    """Those of which something was scored or found."""
    if not isinstance(state, Requested | Ended):
        return frozenset()
    return frozenset((*(of for of, _ in state.findings), *(each.submission_id for each in state.scores)))
