"""What is shown of a queue's waits."""

from datetime import date, datetime, timedelta

from pydantic import BaseModel

from backbone.http.calls import Document
from schemas.codes import Queue
from schemas.fact import Word
from services.worklist.waits.decide import Spread


class Waits(BaseModel):
    """In seconds, less the time in which the patient was not available; absent where nothing waits or was done.
    `small_sample`: too few to say anything of; not for publication."""

    count: int
    longest_s: int | None = None
    median_s: int | None = None
    nine_of_ten_s: int | None = None
    mean_s: int | None = None
    small_sample: bool


class WaitReport(BaseModel):
    """Items, from their first entry into any queue on. `combined`, over both, is a lower bound: what waits will have
    waited longer. `cancelled` items are in none of them. `urgencies`: the categories by which one may ask, most urgent
    first."""

    queue: Queue
    at: datetime
    since: date
    until: date
    urgencies: list[Word]
    waiting: Waits
    completed: Waits
    combined: Waits
    combined_is: str = "lower bound"
    cancelled: int


def shown(found: Spread, small: int) -> Document:
    times = {
        "longest_s": found.longest,
        "median_s": found.median,
        "nine_of_ten_s": found.nine_of_ten,
        "mean_s": found.mean,
    }
    seconds = {name: whole(each) for name, each in times.items()}
    return {"count": found.number, **seconds, "small_sample": found.number < small}


def whole(wait: timedelta | None) -> int | None:
    return None if wait is None else round(wait.total_seconds())
