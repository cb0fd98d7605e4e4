"""SCH-04: blocks take place before the ablation that they are for."""

from typing import Any

from backbone.ids import ROOT, derive
from tests.support.procedure_dates import MBB, RFA, ProcedureClinic


async def test_an_ablation_is_not_booked_before_both_its_blocks_at_that_place_took_place() -> None:
    clinic = await ProcedureClinic().order()
    first = clinic.dates
    second = derive(ROOT, "a second block")
    await clinic.order(procedure=second, sequence_role="mbb_2")
    then = clinic.dates
    elsewhere = derive(ROOT, "an ablation elsewhere")
    await clinic.order(procedure=elsewhere, family="rfa_ct", sequence_role="rfa", region="thoracic")
    other = clinic.dates
    await clinic.order(procedure=RFA, family="rfa_ct", sequence_role="rfa")
    ablation = clinic.dates
    late: dict[str, Any] = {"slots": [clinic.slot("2027-05-18 10:30")], "short_notice_accepted": True}
    assert await clinic.refused(ablation, **late) == "out-of-order", "before the first"
    for path, day, procedure in ((first, "2027-04-22", MBB), (then, "2027-05-11", second)):
        body: dict[str, Any] = {"slots": [clinic.slot(f"{day} 10:30")], "short_notice_accepted": True}
        [visit] = (await clinic.post(path, **body))["appointment_ids"]
        assert await clinic.refused(ablation, **late) == "out-of-order", "a date is no block"
        await clinic.at(f"{day} 10:30")
        for step in ("arrive", "attend"):
            assert await clinic.refused(ablation, **late) == "out-of-order"
            await clinic.post(f"/appointments/{visit}/{step}")
        await clinic.outcome(procedure)
    [clinic.visit] = (await clinic.post(ablation, **late))["appointment_ids"]
    assert await clinic.status() == "booked"
    await clinic.post(other, slots=[clinic.slot("2027-05-25 10:30")], short_notice_accepted=True)
