"""Settings are read whole: from the environment or from files, and every wrong one is named at once."""

import ssl

import pytest

from backbone import told
from backbone.errors import UnusableSettings
from backbone.settings import Settings
from cli.authority import Authority

GOOD = {
    "HUDDLE_DATABASE_URL": "postgresql://referral@127.0.0.1/referral?sslmode=disable",
    "HUDDLE_KAFKA": "127.0.0.1:9092",
    "HUDDLE_KAFKA_SECURITY": "plaintext",
    "HUDDLE_ID_SECRET": "a secret of the tests",
    "HUDDLE_KEYS_URL": "postgresql://keys?sslmode=disable",
    "HUDDLE_MASTER_KEYS": f"of-its-own:{'A' * 43}=",
    "HUDDLE_OIDC_ISSUER": "https://login.example.org",
    "HUDDLE_OIDC_JWKS": "https://login.example.org/jwks",
    "HUDDLE_HTTP_SECURITY": "plaintext",
    "HUDDLE_OPS_PORT": "8081",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    monkeypatch.setattr(told, "SECRETS", tmp_path)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_what_is_not_said_has_the_safe_default():
    read = told.read(Settings)
    assert (read.environment, read.clock, read.host, read.partitions) == ("production", "wall", "faust", 12)


def test_a_value_may_stand_in_a_file_of_the_secrets_folder(environment, tmp_path):
    environment.delenv("HUDDLE_ID_SECRET")
    (tmp_path / "huddle_id_secret").write_text("a secret from a file")
    assert told.read(Settings).id_secret == "a secret from a file"


@pytest.mark.parametrize("key", ["no-name-and-no-key", "short:QUJD", ":" + "A" * 43 + "=", ""])
def test_a_master_key_is_named_and_of_32_bytes_in_base64(environment, key):
    environment.setenv("HUDDLE_MASTER_KEYS", key)
    with pytest.raises(UnusableSettings, match="HUDDLE_MASTER_KEYS: "):
        told.read(Settings)


@pytest.mark.parametrize("name", ["HUDDLE_KEYS_URL", "HUDDLE_MASTER_KEYS"])
def test_keys_of_patients_need_both_settings_and_production_needs_them(environment, name):
    environment.delenv(name)
    with pytest.raises(UnusableSettings, match="go together"):
        told.read(Settings)
    environment.delenv("HUDDLE_KEYS_URL", raising=False)
    environment.delenv("HUDDLE_MASTER_KEYS", raising=False)
    with pytest.raises(UnusableSettings, match="must be said in production"):
        told.read(Settings)


def test_every_wrong_setting_is_named_at_once(environment):
    environment.delenv("HUDDLE_KAFKA")
    environment.setenv("HUDDLE_PARTITIONS", "0")
    environment.setenv("HUDDLE_ID_SECRET", "short")
    with pytest.raises(UnusableSettings) as ended:
        told.read(Settings)
    for name in ("HUDDLE_KAFKA", "HUDDLE_PARTITIONS", "HUDDLE_ID_SECRET"):
        assert name in str(ended.value)
    assert ended.value.exit_code == 78


def test_the_value_of_a_wrong_setting_is_not_repeated(environment):
    environment.setenv("HUDDLE_ID_SECRET", "hush")
    with pytest.raises(UnusableSettings) as ended:
        told.read(Settings)
    assert "hush" not in str(ended.value)


@pytest.mark.parametrize(
    ("name", "value"), [("HUDDLE_CLOCK", "simulated"), ("HUDDLE_OIDC_ISSUER", "urn:huddle-development")]
)
def test_what_is_for_development_is_refused_in_production(environment, name, value):
    environment.setenv(name, value)
    with pytest.raises(UnusableSettings, match="refused in production"):
        told.read(Settings)
    environment.setenv("HUDDLE_ENVIRONMENT", "development")
    told.read(Settings)


def test_whatever_production_refuses_is_said_at_once(environment):
    environment.setenv("HUDDLE_CLOCK", "simulated")
    environment.setenv("HUDDLE_OIDC_ISSUER", "urn:huddle-development")
    unsaid = ("HUDDLE_KAFKA_SECURITY", "HUDDLE_HTTP_SECURITY", "HUDDLE_OPS_PORT")
    for name in unsaid:
        environment.delenv(name)
    with pytest.raises(UnusableSettings) as ended:
        told.read(Settings)
    for name in ("HUDDLE_CLOCK", "HUDDLE_OIDC_ISSUER", *(f"{name} must be said" for name in unsaid)):
        assert name in str(ended.value)


def test_plain_text_is_refused_in_production_until_somebody_says_the_word(environment):
    assert told.read(Settings).brokers.security == {}
    environment.delenv("HUDDLE_KAFKA_SECURITY")
    with pytest.raises(UnusableSettings, match="HUDDLE_KAFKA_SECURITY must be said in production"):
        told.read(Settings)
    environment.setenv("HUDDLE_ENVIRONMENT", "development")
    assert told.read(Settings).brokers.security == {}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_a_password_goes_over_tls_alone(environment, files):
    environment.setenv("HUDDLE_KAFKA_SECURITY", "scram")
    environment.setenv("HUDDLE_KAFKA_CA", str(files.ca))
    with pytest.raises(UnusableSettings, match="scram needs HUDDLE_KAFKA_USER and HUDDLE_KAFKA_PASSWORD"):
        told.read(Settings)
    environment.setenv("HUDDLE_KAFKA_USER", "referral")
    environment.setenv("HUDDLE_KAFKA_PASSWORD", "known to the broker")
    read = told.read(Settings)
    assert {key: read.brokers.arguments[key] for key in ("security_protocol", "sasl_mechanism")} == {
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
    }
    context = read.brokers.arguments["ssl_context"]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert "known to the broker" not in f"{read!r} {read.brokers!r}"


def test_a_certificate_may_have_an_encrypted_key(environment, files):
    certificate, key = files.issue("referral", password="of the key")
    environment.setenv("HUDDLE_KAFKA_SECURITY", "mtls")
    environment.setenv("HUDDLE_KAFKA_CERTIFICATE", str(certificate))
    environment.setenv("HUDDLE_KAFKA_KEY", str(key))
    with pytest.raises(UnusableSettings, match="or the key's password is wrong"):
        told.read(Settings)
    environment.setenv("HUDDLE_KAFKA_KEY_PASSWORD", "of the key")
    assert told.read(Settings).brokers.arguments["security_protocol"] == "SSL"


def test_tls_of_our_own_needs_a_certificate_and_its_key(environment, files):
    environment.setenv("HUDDLE_HTTP_SECURITY", "tls")
    with pytest.raises(UnusableSettings, match="tls needs HUDDLE_HTTP_CERTIFICATE and HUDDLE_HTTP_KEY"):
        told.read(Settings)
    certificate, key = files.issue("referral")
    environment.setenv("HUDDLE_HTTP_CERTIFICATE", str(certificate))
    environment.setenv("HUDDLE_HTTP_KEY", str(files.issue("worklist")[1]))
    with pytest.raises(UnusableSettings, match="are no certificate in PEM with its key"):
        told.read(Settings)
    environment.setenv("HUDDLE_HTTP_KEY", str(key))
    assert told.read(Settings).http_context is not None


def test_files_that_are_of_no_use_are_named(environment, files, tmp_path):
    environment.setenv("HUDDLE_KAFKA_SECURITY", "mtls")
    for name in ("CA", "CERTIFICATE", "KEY"):
        environment.setenv(f"HUDDLE_KAFKA_{name}", str(tmp_path / f"no_{name}"))
    with pytest.raises(UnusableSettings) as ended:
        told.read(Settings)
    for name in ("CA", "CERTIFICATE", "KEY"):
        assert f"HUDDLE_KAFKA_{name}: {tmp_path}/no_{name} can't be read: No such file" in str(ended.value)
    certificate, key = files.issue("worklist")
    environment.setenv("HUDDLE_KAFKA_CERTIFICATE", str(certificate))
    environment.setenv("HUDDLE_KAFKA_KEY", str(key))
    environment.setenv("HUDDLE_KAFKA_CA", str(key))
    with pytest.raises(UnusableSettings, match="holds no certificate in PEM"):
        told.read(Settings)
