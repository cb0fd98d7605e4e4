"""Settings are read whole: from the environment or from files, and every wrong one is named at once."""

import pytest

from backbone import settings
from backbone.errors import UnusableSettings

GOOD = {
    "HUDDLE_DATABASE_URL": "postgresql://huddle@127.0.0.1/referral",
    "HUDDLE_KAFKA": "127.0.0.1:9092",
    "HUDDLE_ID_SECRET": "a secret of the tests",
    "HUDDLE_OIDC_ISSUER": "https://login.example.org",
    "HUDDLE_OIDC_JWKS": "https://login.example.org/jwks",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_what_is_not_said_has_the_safe_default():
    read = settings.read_settings()
    assert (read.environment, read.clock, read.host, read.partitions) == ("production", "wall", "faust", 12)


def test_a_value_may_stand_in_a_file_of_the_secrets_folder(environment, tmp_path):
    environment.delenv("HUDDLE_ID_SECRET")
    (tmp_path / "huddle_id_secret").write_text("a secret from a file")
    assert settings.read_settings().id_secret == "a secret from a file"


def test_every_wrong_setting_is_named_at_once(environment):
    environment.delenv("HUDDLE_KAFKA")
    environment.setenv("HUDDLE_PARTITIONS", "0")
    environment.setenv("HUDDLE_ID_SECRET", "short")
    with pytest.raises(UnusableSettings) as ended:
        settings.read_settings()
    for name in ("HUDDLE_KAFKA", "HUDDLE_PARTITIONS", "HUDDLE_ID_SECRET"):
        assert name in str(ended.value)
    assert ended.value.exit_code == 78


def test_the_value_of_a_wrong_setting_is_not_repeated(environment):
    environment.setenv("HUDDLE_ID_SECRET", "hush")
    with pytest.raises(UnusableSettings) as ended:
        settings.read_settings()
    assert "hush" not in str(ended.value)


@pytest.mark.parametrize(
    ("name", "value"), [("HUDDLE_CLOCK", "simulated"), ("HUDDLE_OIDC_ISSUER", "urn:huddle-development")]
)
def test_what_is_for_development_is_refused_in_production(environment, name, value):
    environment.setenv(name, value)
    with pytest.raises(UnusableSettings, match="refused in production"):
        settings.read_settings()
    environment.setenv("HUDDLE_ENVIRONMENT", "development")
    settings.read_settings()
