"""An issuer whose tokens tell no roles: a file says who of the staff is meant, and nobody else has a right."""

import pytest

from backbone.http.identity import member_of
from backbone.http.problems import Problem
from config.errors import ConfigurationError
from config.loading import SHIPPED
from config.subjects import load_subjects


def test_roles_are_those_of_the_directory_whatever_the_token_says(tmp_path):
    file = tmp_path / "subjects.toml"
    file.write_text('[staff]\n"abc" = "nora.quinn"\n')
    subjects = load_subjects(SHIPPED, file)
    found = member_of({"sub": "abc", "kind": "user", "roles": ["medical_director"]}, "sub", subjects)
    assert (found.kind, found.roles, found.disciplines) == ("user", ("triage_nurse", "nurse"), ("nursing",))
    for claims in ({"sub": "other", "kind": "user", "roles": ["nurse"]}, {"kind": "user"}):
        with pytest.raises(Problem) as refused:
            member_of(claims, "sub", subjects)
        assert refused.value.status == 401


@pytest.mark.parametrize("verified", [None, False, "true"])
def test_an_address_counts_once_it_is_verified(tmp_path, verified):
    file = tmp_path / "subjects.toml"
    file.write_text('[staff]\n"nora@clinic.example" = "nora.quinn"\n')
    subjects = load_subjects(SHIPPED, file)
    claims = {"sub": "1", "email": "nora@clinic.example", "email_verified": verified}
    with pytest.raises(Problem):
        member_of(claims, "email", subjects)
    assert member_of(claims | {"email_verified": True}, "email", subjects).name == "Nora Quinn"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[staff]\n"abc" = "nobody"\n', "nobody has the login"),
        ("[other]\n", "names nobody"),
        ("x", "is not TOML"),
    ],
)
def test_a_file_that_names_nobody_is_refused_at_start(tmp_path, text, says):
    file = tmp_path / "subjects.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=says):
        load_subjects(SHIPPED, file)
