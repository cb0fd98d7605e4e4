"""Other courses of journeys 2 and 3 on real services, Kafka and PostgreSQL: the same scripts as in memory, all of them.

What many begin with is played once and put aside: each goes on from a copy of its own. Other than in memory:

- Copies are of clinics with the journey's settings: a course with another setting has it from the first consultation
  on, before which nothing asks for it.
- All facts are handled once more at one moment of journey 3, after the missed visit; in memory at five. Compared is
  what was told and sent, the queues, and how much each database holds; in memory all that it holds. `tests/e2e` does
  so at the end of journey 1.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.stack.postgres import Postgres
from tests.component import test_journey_2, test_journey_3, test_journey_3_opioids
from tests.support.journeys.courses import JOURNEY_2, JOURNEY_3, Change, Make, Table
from tests.support.journeys.play import Play
from tests.support.put_aside import PutAside

Variant = Callable[[Make], Awaitable[None]]
ALIKE_UNTIL = {
    JOURNEY_2: (test_journey_2.AUTHORISED, test_journey_2.MOVED, test_journey_2.JUDGED),
    JOURNEY_3: (test_journey_3.ANSWERED, test_journey_3_opioids.CONSULTATION),
}
BUPRENORPHINE = {"code": "351266", "route": "sublingual"}
FENTANYL = {"code": "4337", "dose": "100", "dose_unit": "mcg", "route": "nasal"}
OF_JOURNEY_2: tuple[Variant, ...] = (
    test_journey_2.test_an_authorisation_that_ends_before_the_new_date_is_asked_for_again,
    test_journey_2.test_an_escort_whom_nobody_confirmed_is_called_for_and_then_the_date_is_offered,
    test_journey_2.test_a_date_that_moves_after_the_last_dose_leaves_a_hold_without_a_plan,
    test_journey_2.test_a_move_that_is_told_twice_invalidates_once_and_tells_the_patient_once,
    test_journey_2.test_a_signature_for_the_date_before_is_refused,
    test_journey_2.test_a_second_block_that_brought_too_little_asks_a_physician_before_anything_is_booked,
    test_journey_2.test_what_the_last_block_brought_is_on_record_before_the_next_is_booked,
    *(
        partial(
            test_journey_2.test_an_ablation_of_the_same_joint_within_six_months_asks_a_physician,
            day=day,
            asked=asked,
        )
        for day, asked in (("2027-12-15", True), ("2027-12-16", False))
    ),
)
OF_JOURNEY_3: tuple[Variant, ...] = (
    *(
        partial(test_journey_3.test_what_other_opioids_come_to, drugs=drugs, said=said)
        for drugs, said in (
            ([BUPRENORPHINE], {"mme_per_day": "0.0", "has_buprenorphine": True}),
            ([{}, FENTANYL], {"mme_per_day": "120.0"}),
        )
    ),
    test_journey_3_opioids.test_buprenorphine_beside_a_benzodiazepine_asks_for_naloxone,
    partial(
        test_journey_3.test_all_facts_once_more_send_page_and_open_nothing_at_any_moment,
        moments=[test_journey_3.CLAIMED],
    ),
    test_journey_3.test_item_nine_alone_raises_the_alert_and_no_score,
    test_journey_3.test_the_same_submission_twice_is_one_alert_and_one_escalation,
    test_journey_3.test_nobody_acknowledges_then_every_quarter_of_an_hour_until_somebody_does,
    test_journey_3.test_while_notifications_is_down_the_alert_is_raised_and_the_page_comes_once_afterwards,
    test_journey_3.test_with_both_reminders_failed_it_does_not_count_and_the_patient_is_called_all_the_same,
    test_journey_3.test_a_submission_after_the_missed_visit_raises_its_alert_and_no_second_welfare_call,
    test_journey_3.test_a_coordinator_discharges_nobody_after_a_missed_visit,
    test_journey_3_opioids.test_from_ninety_on_a_second_physician_and_the_team_look,
    test_journey_3_opioids.test_whoever_held_the_consultation_is_refused_the_second_review_of_its_dose,
    test_journey_3_opioids.test_without_the_setting_only_the_new_programme_goes_before_the_team,
    test_journey_3_opioids.test_a_dose_that_falls_to_sixty_without_a_plan_is_told,
)


def title(of: Any) -> str:
    if isinstance(of, Table):
        return of.name
    whole = getattr(of, "func", of)
    return str(whole.__name__).removeprefix("test_")


@pytest.fixture(scope="module")
def aside(postgres: Postgres, playground: Path) -> Mapping[Table, PutAside]:
    return {table: PutAside(table, times, postgres, playground) for table, times in ALIKE_UNTIL.items()}


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "variant"),
    [(JOURNEY_2, each) for each in OF_JOURNEY_2] + [(JOURNEY_3, each) for each in OF_JOURNEY_3],
    ids=title,
)
async def test_it_comes_out_as_in_memory(
    aside: Mapping[Table, PutAside], table: Table, variant: Variant
) -> None:
    async with AsyncExitStack() as clinics:

        async def make(until: str = "", *changes: Change) -> Play:
            return await clinics.enter_async_context(aside[table].until(until, *changes))

        await variant(make)
