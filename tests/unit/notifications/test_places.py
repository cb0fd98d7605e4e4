"""What another service may bring and this one does not know: a zone, a place."""

from config.loading import SHIPPED
from services.notifications.rules import load_rules

RULES = load_rules(SHIPPED)


def test_the_clinics_zone_counts_where_the_patients_is_not_known_here():
    assert RULES.zone("Europe/Berlin").key == "Europe/Berlin"
    assert {RULES.zone(zone).key for zone in (None, "America/Atlantis")} == {"America/New_York"}


def test_a_place_that_the_clinic_has_no_more_is_shown_by_its_code():
    assert (RULES.place("main"), RULES.place("closed-annex")) == ("Harbor Street", "closed-annex")
