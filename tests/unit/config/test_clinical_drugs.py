"""Clinical drugs are what the table of their source says: a sample of it, generated anew, comes out the same."""

from decimal import Decimal
from pathlib import Path
from tomllib import loads

import pytest

from config.clinical_drugs import ClinicalDrugs, Product, generated, products
from config.loading import SHIPPED

SAMPLE = (Path(__file__).parent / "clinical_drugs.cql").read_text()
FILE = loads((SHIPPED / "clinical_drugs.toml").read_text())
KNOWN = ClinicalDrugs.model_validate(FILE)


def test_what_is_generated_from_a_sample_of_the_source_is_what_the_file_says() -> None:
    made = loads(generated(SAMPLE, FILE["source"], FILE["release"], FILE["licence"]))
    assert len(made["rxnorm"]) >= 10
    assert {code: FILE["rxnorm"].get(code) for code in made["rxnorm"]} == made["rxnorm"]
    assert {name: made[name] for name in ("source", "release", "licence")} == {
        name: FILE[name] for name in ("source", "release", "licence")
    }


def test_the_head_says_what_the_table_was_made_of() -> None:
    assert "github.com/cqframework/opioid-mme-r4" in KNOWN.source and "Apache-2.0" in KNOWN.licence
    assert len(KNOWN.sha256) == 64 and len(KNOWN.rxnorm) > 900


def test_a_drug_that_lists_an_opioid_twice_is_told_by_no_strength() -> None:
    """Aspirin with two salts of oxycodone."""
    assert "drugCode: 637540" in SAMPLE
    assert "637540" not in dict(products(SAMPLE)) and KNOWN.known("637540") is None


@pytest.mark.parametrize(
    ("code", "dose", "unit", "expected"),
    [
        ("197696", "1", "patch", (Decimal(75), "mcg/h")),
        ("1049502", "2", "tablet", (Decimal(20), "mg")),
        ("1049502", "2", "patch", None),
        ("1049502", "10", "mg", None),
    ],
)
def test_pieces_are_counted_by_their_strength(code: str, dose: str, unit: str, expected: object) -> None:
    product = KNOWN.known(code)
    assert isinstance(product, Product)
    assert product.dose(Decimal(dose), unit) == expected


def test_a_code_that_is_not_there_is_unknown() -> None:
    assert KNOWN.known("892495") is None
