"""Who asks: only what the issuer signed, for us, and not yet expired."""

import json
from pathlib import Path
from typing import Any, get_args

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from backbone.clock import epoch_seconds
from backbone.http.identity import LEEWAY_SECONDS, Identity, Principal, principal_of
from backbone.http.problems import Problem
from cli.issuer import AUDIENCE, ISSUER, Issuer

STAFF = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    return Issuer(tmp_path)


@pytest.fixture
def identity(issuer: Issuer) -> Identity:
    return Identity(ISSUER, AUDIENCE, str(issuer.jwks))


async def refused(identity: Identity, token: str) -> int:
    with pytest.raises(Problem) as problem:
        await identity.verify(token)
    return problem.value.status


async def test_a_token_names_the_caller(issuer: Issuer, identity: Identity) -> None:
    token = issuer.token(STAFF, roles=["triage_nurse"], disciplines=["nursing"], name="N. Example")
    caller = await identity.verify(token)
    assert caller == Principal("user", STAFF, ("triage_nurse",), ("nursing",), "N. Example")


async def test_an_expired_token_is_refused(issuer: Issuer, identity: Identity) -> None:
    assert await refused(identity, issuer.token(STAFF, seconds=-LEEWAY_SECONDS)) == 401


async def test_a_token_of_another_key_is_refused(identity: Identity, tmp_path: Path) -> None:
    assert await refused(identity, Issuer(tmp_path / "other").token(STAFF)) == 401


@pytest.mark.parametrize(("iss", "aud"), [("urn:else", AUDIENCE), (ISSUER, "else")])
async def test_a_token_of_or_for_somebody_else_is_refused(issuer: Issuer, iss: str, aud: str) -> None:
    assert await refused(Identity(iss, aud, str(issuer.jwks)), issuer.token(STAFF)) == 401


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_without_a_real_signature_is_refused(identity: Identity, algorithm: str) -> None:
    now = epoch_seconds()
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": STAFF, "iat": now, "exp": now + 60}
    key = "" if algorithm == "none" else "x" * 64
    token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "development"})
    assert await refused(identity, token) == 401


async def test_keys_that_were_replaced_count_no_more(issuer: Issuer, identity: Identity) -> None:
    old = issuer.token(STAFF)
    await identity.verify(old)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    issuer.jwks.write_text(json.dumps({"keys": [{**public, "kid": "next", "alg": "RS256", "use": "sig"}]}))
    claims = jwt.decode(old, options={"verify_signature": False})
    new = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "next"})
    assert (await identity.verify(new)).id == STAFF
    assert await refused(identity, old) == 401


@pytest.mark.parametrize(
    ("ahead", "said"), [(3, ""), (3600, "The issuer's clock is ahead"), (-3, ""), (-3600, "expired")]
)
async def test_clocks_may_differ_by_seconds_and_an_hour_is_named(
    issuer: Issuer, identity: Identity, ahead: int, said: str
) -> None:
    """By as many seconds the issuer's clock is ahead; its tokens are good for a minute."""
    claims = jwt.decode(issuer.token(STAFF), options={"verify_signature": False})
    now = epoch_seconds() + ahead
    token = issuer.signed({**claims, "iat": now, "exp": now + 60}, seconds=60)
    if not said:
        assert (await identity.verify(token)).id == STAFF
        return
    with pytest.raises(Problem) as problem:
        await identity.verify(token)
    assert problem.value.status == 401 and said in str(problem.value)


async def test_keys_that_cannot_be_read_are_no_fault_of_the_caller(issuer: Issuer, tmp_path: Path) -> None:
    away = Identity(ISSUER, AUDIENCE, str(tmp_path / "nowhere.json"))
    assert await refused(away, issuer.token(STAFF)) == 503


@pytest.mark.parametrize(
    "claims",
    [
        {"kind": "robot"},
        {"roles": "operations"},
        {"disciplines": [1]},
        {"roles": ["nurse\0"]},
        {"roles": ["nurse\ud800"]},
        {"roles": ["n" * 1000]},
        {"roles": ["nurse"] * 1000},
        {"disciplines": ["nursing\n"]},
        {"name": "\0"},
        {"name": "N" * 10_000},
    ],
)
def test_claims_that_are_not_understood_are_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Problem) as problem:
        principal_of({"sub": STAFF, **claims})
    assert problem.value.status == 401


@pytest.mark.parametrize("claims", [{}, {"kind": "staff"}, {"kind": None}])
def test_a_token_that_does_not_say_what_kind_of_caller_it_is_for_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(Problem) as problem:
        principal_of({"sub": STAFF, "roles": ["physician"], **claims})
    assert problem.value.status == 401


@pytest.mark.parametrize("kind", get_args(Principal.__annotations__["kind"]))
@pytest.mark.parametrize(
    "subject",
    ["", "auth0|1234", "n.example@clinic.example", "x" * 10_000, "\0", STAFF + "\n", "\ud800", 7, None],
)
def test_a_subject_that_is_no_id_of_ours_is_refused(kind: str, subject: Any) -> None:
    """It would stand in every journal: whoever has e-mail addresses for subjects maps them to staff ids first."""
    with pytest.raises(Problem) as problem:
        principal_of({"sub": subject, "kind": kind})
    assert problem.value.status == 401
    assert "x" * 100 not in str(problem.value)


def test_a_subject_is_an_id_however_it_is_spelt() -> None:
    assert principal_of({"sub": STAFF.upper().replace("3333", "ABCD"), "kind": "user"}).id == STAFF.replace(
        "3333", "abcd"
    )
