"""What a page may run and whom its forms may go to, and which change was meant by a page of ours."""

import pytest
from starlette.datastructures import Headers

from backbone.http.identity import Principal
from backbone.http.problems import Problem
from board.security import check_proof, origin, policy
from board.sessions import Session, Tokens

PROOF = "the proof of this session"
SESSION = Session("1", PROOF, Principal("user", "u", (), (), "Jo"), Tokens("t", 0), 0, 0)


def test_forms_go_to_us_and_to_whom_is_named_once_each() -> None:
    said = policy(["https://login.example", "https://login.example"])
    assert said.endswith("form-action 'self' https://login.example")
    assert "unsafe" not in said and "*" not in said


def test_an_origin_has_no_path() -> None:
    assert origin("https://login.example:8443/a?b=c") == "https://login.example:8443"


@pytest.mark.parametrize("site", [{}, {"sec-fetch-site": "same-origin"}])
def test_with_the_proof_a_change_is_ours(site: dict[str, str]) -> None:
    check_proof(SESSION, Headers(site | {"x-huddle-csrf": PROOF}))
    check_proof(SESSION, Headers(site), PROOF)


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({}, None),
        ({"x-huddle-csrf": "another"}, None),
        ({"x-huddle-csrf": PROOF}, ""),
        ({"x-huddle-csrf": PROOF, "sec-fetch-site": "cross-site"}, None),
        ({"x-huddle-csrf": PROOF, "sec-fetch-site": "same-site"}, None),
        ({"x-huddle-csrf": PROOF, "sec-fetch-site": "none"}, None),
        ({}, "the pr\u00f6\u00f6f"),
    ],
)
def test_without_it_or_from_elsewhere_nothing_is_changed(headers: dict[str, str], shown: str | None) -> None:
    with pytest.raises(Problem) as refused:
        check_proof(SESSION, Headers(headers), shown)
    assert refused.value.status == 403
