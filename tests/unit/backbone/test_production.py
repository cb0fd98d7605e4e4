"""What production refuses, row by row: each with its sentence, and all of them at once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone import told as telling
from backbone.errors import UnusableSettings
from backbone.production import refusals
from backbone.settings import Settings
from backbone.told import Told, as_told, read
from board.settings import BoardSettings
from cli.authority import Authority
from cli.issuer import Issuer
from services.notifications.gateway.outside import Providers
from services.notifications.service import SERVICE

ROOT = Path(__file__).parent.parent.parent.parent
PEOPLE = {
    "OIDC_ISSUER": "https://login.example.org",
    "OIDC_JWKS": "https://login.example.org/jwks",
    "HTTP_SECURITY": "plaintext",
    "OPS_PORT": "8081",
}
GOOD: Mapping[type[Told], Mapping[str, str]] = {
    Settings: PEOPLE
    | {
        "DATABASE_URL": "postgresql://runs:of-its-own@db/notifications?sslmode=disable",
        "KAFKA": "kafka:9092",
        "KAFKA_SECURITY": "plaintext",
        "ID_SECRET": "a secret of the tests",
        "KEYS_URL": "postgresql://runs:of-its-own@keys/keys?sslmode=disable",
        "MASTER_KEYS": f"of-its-own:{'A' * 43}=",
    },
    BoardSettings: PEOPLE
    | {"BOARD_URL": "https://board.example.org", "SESSION_SECRET": "a secret of the tests, and a long one"},
    Providers: {
        "SMTP_URL": "smtp://clinic:of-its-own@mail.example.org:587",
        "MAIL_FROM": "clinic@example.org",
        "SMS_URL": "https://clinic:of-its-own@gateway.example.org",
        "SMS_FROM": "+15550199",
        "SMS_CALLBACK": "https://clinic.example.org",
    },
}
NOW = datetime(2027, 1, 11, 14, 0, tzinfo=UTC)
KNOWN = "a secret that comes with the project"
REFUSED: tuple[tuple[type[Told], str, str, str], ...] = (
    (Settings, "CLOCK", "simulated", "refused in production"),
    (Settings, "OIDC_ISSUER", "urn:huddle-development", "is the development issuer"),
    (Settings, "OIDC_ISSUER", "http://login.example.org", "must be an https address"),
    (Settings, "OIDC_JWKS", "http://login.example.org/jwks", "must be an https address"),
    (Settings, "ID_SECRET", "development-only-id-secret", KNOWN),
    (Settings, "MASTER_KEYS", f"development-only:{'A' * 43}=", KNOWN),
    (Settings, "KEYS_URL", "postgresql://a:of-its-own@db/keys", "must say ?sslmode=verify-full"),
    (Settings, "DATABASE_URL", "postgresql://a:development-only@db/a?sslmode=disable", KNOWN),
    (Settings, "DATABASE_URL", "postgresql://a:of-its-own@db/a", "must say ?sslmode=verify-full"),
    (
        Settings,
        "DATABASE_URL",
        "postgresql://a:of-its-own@db/a?sslmode=require",
        "must say ?sslmode=verify-full",
    ),
    (
        Settings,
        "MIGRATE_URL",
        "postgresql://a:of-its-own@db/a?sslmode=prefer",
        "must say ?sslmode=verify-full",
    ),
    (Settings, "MIGRATE_URL", "postgresql://a:development-only@db/a?sslmode=disable", KNOWN),
    (BoardSettings, "BOARD_URL", "http://board.example.org", "must be an https address"),
    (BoardSettings, "SESSION_SECRET", "development-only-on-one-machine-0123", KNOWN),
    (BoardSettings, "OIDC_METADATA", "http://login.example.org/.well-known", "must be an https address"),
    (Providers, "SMTP_URL", "smtp://mail.example.org:25", "has no password"),
    (Providers, "SMTP_URL", "smtp://a:of-its-own@sinks:8025", "is the sinks of development"),
    (Providers, "SMS_URL", "https://gateway.example.org", "has no password"),
    (Providers, "SMS_URL", "http://a:of-its-own@gateway.example.org", "must be an https address"),
    (Providers, "SMS_URL", "https://a:development-only@gateway.example.org", KNOWN),
    (Providers, "SMS_CALLBACK", "http://clinic.example.org", "must be an https address"),
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setattr(telling, "SECRETS", tmp_path)
    monkeypatch.delenv("HUDDLE_ENVIRONMENT", raising=False)
    for told in GOOD.values():
        for name, value in told.items():
            monkeypatch.setenv(f"HUDDLE_{name}", value)
    return monkeypatch


@pytest.mark.parametrize("shape", GOOD)
def test_production_takes_what_is_a_clinics_own(shape: type[Told]) -> None:
    assert read(shape).environment == "production"


@pytest.mark.parametrize(("shape", "name", "value", "says"), REFUSED)
def test_production_refuses_and_development_takes(
    environment: pytest.MonkeyPatch, shape: type[Told], name: str, value: str, says: str
) -> None:
    environment.setenv(f"HUDDLE_{name}", value)
    with pytest.raises(UnusableSettings) as ended:
        read(shape)
    assert f"HUDDLE_{name}" in str(ended.value)
    assert says in str(ended.value)
    assert "of-its-own" not in str(ended.value)
    environment.setenv("HUDDLE_ENVIRONMENT", "development")
    read(shape)


def test_a_door_with_tls_goes_on_with_tls(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path).issue("board")
    environment.setenv("HUDDLE_HTTP_SECURITY", "tls")
    environment.setenv("HUDDLE_HTTP_CERTIFICATE", str(certificate))
    environment.setenv("HUDDLE_HTTP_KEY", str(key))
    with pytest.raises(UnusableSettings, match="HUDDLE_SERVICES must be https addresses"):
        read(BoardSettings)
    environment.setenv("HUDDLE_SERVICES", json.dumps({"referral": "https://referral:8080"}))
    read(BoardSettings)


def test_the_key_of_the_development_issuer_is_known_wherever_it_lies(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("HUDDLE_OIDC_JWKS", str(Issuer(tmp_path / "issuer").jwks))
    with pytest.raises(UnusableSettings, match="HUDDLE_OIDC_JWKS is the key of the development issuer"):
        read(Settings)
    own = tmp_path / "own.json"
    own.write_text(json.dumps({"keys": [{"kid": "of the clinic"}]}))
    environment.setenv("HUDDLE_OIDC_JWKS", str(own))
    read(Settings)


def test_everything_that_a_process_is_refused_for_is_said_at_once(environment: pytest.MonkeyPatch) -> None:
    wrong = {name: value for shape, name, value, _ in REFUSED if shape is not BoardSettings}
    for name, value in wrong.items():
        environment.setenv(f"HUDDLE_{name}", value)
    said = "; ".join(refusals(SERVICE, as_told(Settings), None, NOW))
    assert [name for name in wrong if f"HUDDLE_{name}" not in said] == []


def test_a_setting_of_the_providers_that_is_wrong_is_said_with_the_rest(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("HUDDLE_SMTP_URL", "mail.example.org")
    environment.setenv("HUDDLE_CLOCK", "simulated")
    said = "; ".join(refusals(SERVICE, as_told(Settings), None, NOW))
    assert "HUDDLE_SMTP_URL: " in said
    assert "HUDDLE_CLOCK" in said


@pytest.mark.parametrize(
    "file",
    [file for file in (ROOT / "deploy" / "secrets").iterdir() if file.suffix != ".md"],
    ids=lambda f: f.name,
)
def test_every_secret_that_comes_with_the_project_is_known(file: Path) -> None:
    """Two hold none: the sink of mail asks for no password, the development issuer for no secret of the board."""
    assert telling.COMMITTED in file.read_text() or file.name in ("smtp_url", "oidc_client_secret")
