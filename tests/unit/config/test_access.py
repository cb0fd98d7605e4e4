"""Whom the table of rights asks what they read for."""

import pytest

from cli.composition import config_dir
from config.access import AccessRights
from config.loading import load
from config.rules import Values


class Files(Values):
    access: AccessRights


@pytest.mark.parametrize(
    ("roles", "asked"),
    [
        ({"service_manager"}, ("coordination",)),
        ({"service_manager", "physician"}, ()),
        ({"care_coordinator"}, ()),
        ({"display"}, ()),
        (set(), ()),
    ],
)
def test_who_must_say_what_they_read_for(roles, asked):
    assert load(config_dir(), Files).access.must_say(frozenset(roles)) == asked
