"""Which procedures a patient is to have, and which drugs stand against them: drawn for each referral by itself."""

import random
from collections.abc import Mapping
from typing import Any

from simulator.patients import RXNORM

LUMBAR: Mapping[str, Any] = {"region": "lumbar", "side": "right", "levels": ["L4-L5"]}
NECK: Mapping[str, Any] = {"region": "cervical", "side": "right", "levels": ["C4-C5"]}
ORDERS: Mapping[str, Mapping[str, Any]] = {
    "mbb_ls": {**LUMBAR, "place": "hospital_outpatient", "circumstances": []},
    "rfa_ls": {**LUMBAR, "place": "hospital_outpatient", "circumstances": []},
    "mbb_ct": {**NECK, "place": "hospital_outpatient", "circumstances": []},
    "rfa_ct": {**NECK, "place": "hospital_outpatient", "circumstances": []},
    "esi_tf_ls": {**LUMBAR, "side": "left", "place": "office", "circumstances": ["diabetes"]},
    "esi_il_ct": {**NECK, "side": "midline", "levels": ["C7-T1"], "place": "office", "circumstances": []},
    "tpi": {"region": "none", "side": "both", "place": "office", "circumstances": []},
}
"""What the physician says of each family."""
COURSES = (
    *(("mbb_ls", "mbb_ls", "rfa_ls"), ("mbb_ct", "mbb_ct", "rfa_ct"), ("rfa_ls",)),
    *(("esi_tf_ls",), ("esi_il_ct",), ("tpi",)),
)
"""What a patient has one after another. An ablation without blocks asks somebody whether to go on."""
DRUGS: Mapping[str, Mapping[str, str]] = {
    "warfarin": {"code": "11289", "dose": "5", "per_day": "1"},
    "apixaban": {"code": "1364430", "dose": "5", "per_day": "2"},
    "rivaroxaban": {"code": "1114195", "dose": "20", "per_day": "1"},
}
OFTEN = ("warfarin", "warfarin", "warfarin", "apixaban", "rivaroxaban")
OXYCODONE: Mapping[str, str] = {"code": "7804", "dose": "15", "per_day": "4"}
BY_PATHWAY = "PROCEDURE_PATHWAY"


def treated(source_id: str, outcome: str, shares: Mapping[str, float]) -> dict[str, Any]:
    """Whose first visit ends with procedures, and whose programme has one beside it."""
    dice = random.Random(f"{source_id} procedures")
    if dice.random() < shares["procedure_pathway"]:
        return {"outcome": BY_PATHWAY, "disciplines": ("physiotherapy",), "course": dice.choice(COURSES)}
    if outcome == "MDT_PROGRAMME" and dice.random() < shares["procedure_in_a_programme"]:
        return {"course": dice.choice(COURSES)}
    return {}


def drugs(source_id: str, *, has_procedures: bool, shares: Mapping[str, float]) -> list[dict[str, Any]]:
    """What the record of the patient has besides."""
    dice = random.Random(f"{source_id} drugs")
    found: list[Mapping[str, str]] = []
    if has_procedures and dice.random() < shares["prevents_clots"]:
        found.append(DRUGS[dice.choice(OFTEN)])
    if dice.random() < shares["takes_oxycodone"]:
        found.append(OXYCODONE)
    return [
        {"code_system": RXNORM, "dose_unit": "mg", "route": "oral", "as_needed": False, **each}
        for each in found
    ]
