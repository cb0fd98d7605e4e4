"""From a FHIR bundle to what a referrer would know of the patient: who it is, and the clinical part of a referral."""

import gzip
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SITES = {
    "low back": "lower_back",
    "neck": "neck",
    "migraine": "head",
    "headache": "head",
    "knee": "knee",
    "hip": "hip",
    "shoulder": "shoulder",
    "fibromyalgia": "widespread",
}
"""Words of a diagnosis that tell where it hurts."""
MUSCULOSKELETAL, WIDESPREAD = "MG30.02", "MG30.01"


def bundles() -> Iterator[Mapping[str, Any]]:
    """The bundles that the simulator brings along."""
    packed = files("simulator").joinpath("data/patients.ndjson.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        yield json.loads(line)


def resources(bundle: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def person(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """Who it is, as a submission says it."""
    [patient] = resources(bundle, "Patient")
    name = patient["name"][0]
    telecom: Mapping[str, Any] = next(iter(patient.get("telecom", ())), {})
    number = next(
        i for i in patient["identifier"] if i.get("type", {}).get("coding", [{}])[0].get("code") == "MR"
    )
    address = patient.get("address", [{}])[0]
    lines = [*address.get("line", ()), address.get("city"), address.get("state"), address.get("postalCode")]
    return {
        "identifier": {"system": number["system"], "value": number["value"]},
        "family_name": name["family"],
        "given_names": " ".join(name["given"]),
        "birth_date": patient["birthDate"],
        "language": language(patient),
        "interpreter_needed": False,
        "contact": {
            "phone": telecom.get("value", "212-555-0100"),
            "address": ", ".join(line for line in lines if line) or "unknown",
        },
    }


def language(patient: Mapping[str, Any]) -> str:
    for spoken in patient.get("communication", ()):
        return str(spoken["language"]["coding"][0]["code"])[:2]
    return "en"


def answers(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """What the record says. What it does not say is the referrer's part."""
    names = [
        condition["code"]["coding"][0]["display"].lower() for condition in resources(bundle, "Condition")
    ]
    sites = sorted({site for name in names for word, site in SITES.items() if word in name}) or ["lower_back"]
    widespread = "widespread" in sites
    return {
        "pain_site_character": [{"site": site} for site in sites],
        "condition_codes": [WIDESPREAD if widespread else MUSCULOSKELETAL],
        "medications": [medication(request) for request in resources(bundle, "MedicationRequest")][:12],
        "history": f"{len(names)} entries in the problem list",
    }


def medication(request: Mapping[str, Any]) -> dict[str, Any]:
    """One drug; a dose only where the record has one."""
    coding = request["medicationCodeableConcept"]["coding"][0]
    dosage: Mapping[str, Any] = next(iter(request.get("dosageInstruction", ())), {})
    rate: Mapping[str, Any] = next(iter(dosage.get("doseAndRate", ())), {})
    quantity = rate.get("doseQuantity", {}).get("value")
    repeat = dosage.get("timing", {}).get("repeat", {})
    found: dict[str, Any] = {
        "code": coding["code"],
        "code_system": RXNORM,
        "as_needed": bool(dosage.get("asNeededBoolean")),
    }
    if quantity is not None:
        found["dose"] = decimal(quantity)
    if repeat.get("periodUnit") == "d" and repeat.get("period"):
        found["per_day"] = decimal(repeat.get("frequency", 1), repeat["period"])
    return found


def decimal(amount: float, per: float = 1) -> str:
    """As a submission writes it: no exponent, at most six places."""
    return f"{(Decimal(str(amount)) / Decimal(str(per))).quantize(Decimal('0.000001')).normalize():f}"
