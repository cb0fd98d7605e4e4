"""The folder of secrets of a deployment: whole, for nobody else, and kept."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from typer.testing import CliRunner

from backbone import databases
from backbone.masters import MasterKeysTold
from backbone.told import COMMITTED
from cli.__main__ import app
from cli.secret_files import GIVEN_BY_OTHERS
from schemas.services import NAMES

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deployment") / "secrets"
    filled(folder)
    return folder


def filled(folder: Path, *more: str) -> str:
    asked = CliRunner().invoke(
        app,
        [
            "secrets",
            str(folder),
            "--board-url",
            "https://board.clinic.example",
            "--kafka-host",
            "kafka.clinic.example",
            *more,
        ],
    )
    assert asked.exit_code == 0, asked.output
    return asked.output


def test_every_secret_of_development_has_its_own_in_production(folder: Path) -> None:
    known = {file.name: file.read_text() for file in (ROOT / "deploy" / "secrets").iterdir()}
    names = set(known) - {"README.md"}
    assert names <= {file.name for file in folder.iterdir()}
    said = {name: (folder / name).read_text() for name in names}
    assert {name for name, text in said.items() if not text} == set(GIVEN_BY_OTHERS)
    assert not [name for name, text in said.items() if COMMITTED in text]
    assert {name for name, text in known.items() if COMMITTED not in text} == {
        *("README.md", "smtp_url", "oidc_client_secret")
    }
    passwords = [text for name, text in said.items() if text]
    assert len(set(passwords)) == len(passwords)


def test_nobody_else_opens_the_folder(folder: Path) -> None:
    assert (folder.stat().st_mode & 0o777, (folder / "authority.key").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_the_databases_are_reached_by_tls_that_is_checked(folder: Path) -> None:
    for name in NAMES:
        for kind, role in (("database", name), ("migrate", f"{name}_owner")):
            url = (folder / f"{name}_{kind}_url").read_text()
            assert url.startswith(f"postgresql://{role}:") and databases.is_said(url)


def test_a_service_comes_to_the_keys_as_who_it_is_and_has_one_that_opens_them(folder: Path) -> None:
    for name in NAMES:
        own, keys = ((folder / f"{name}_{kind}_url").read_text() for kind in ("database", "keys"))
        assert keys == own.replace(f"/{name}?", "/keys?")
    assert MasterKeysTold((folder / "master_keys").read_text()).current
    owner = (folder / "keys_migrate_url").read_text()
    assert owner.startswith("postgresql://keys_owner:") and databases.is_said(owner)


def test_each_certificate_is_for_its_container_and_of_one_authority(folder: Path) -> None:
    [authority] = x509.load_pem_x509_certificates((folder / "authority.pem").read_bytes())
    for name in ("kafka", "postgres", "prepare", "board", *NAMES):
        [one] = x509.load_pem_x509_certificates((folder / f"{name}.pem").read_bytes())
        one.verify_directly_issued_by(authority)
        assert one.subject.rfc4514_string() == f"CN={name}"
        hosts = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert name in hosts.get_values_for_type(x509.DNSName)
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            folder / f"{name}.pem", folder / f"{name}.key"
        )
        if name in ("board", "kafka"):
            assert f"{name}.clinic.example" in hosts.get_values_for_type(x509.DNSName)


def test_what_is_there_is_kept_and_what_lacks_is_made(folder: Path) -> None:
    for name in ("worklist.pem", "worklist_keys_url"):
        (folder / name).unlink()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert filled(folder, "--also", "hospital").startswith("3 files made")
    after = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert {name for name in after if after[name] != before.get(name)} == {
        *("worklist.pem", "worklist.key", "hospital.pem", "hospital.key", "worklist_keys_url")
    }


def test_another_certificate_is_written_over_the_old_one_so_that_a_running_container_sees_it(
    folder: Path,
) -> None:
    """A container is given the file, and not the folder: what takes its place is another file."""
    before = {file.name: (file.stat().st_ino, file.read_bytes()) for file in folder.iterdir()}
    filled(folder, "--anew", "referral", "--anew", "kafka")
    after = {file.name: (file.stat().st_ino, file.read_bytes()) for file in folder.iterdir()}
    assert {name: inode for name, (inode, _) in after.items()} == {
        name: inode for name, (inode, _) in before.items()
    }
    assert {name for name in after if after[name] != before[name]} == {
        *("referral.pem", "referral.key", "kafka.pem", "kafka.key", "kafka_keystore.pem")
    }
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        folder / "referral.pem", folder / "referral.key"
    )
    asked = CliRunner().invoke(app, ["secrets", str(folder), "--anew", "nobody"])
    assert (asked.exit_code, "no certificate of nobody" in asked.stderr) == (1, True)


def test_without_the_authoritys_key_nothing_more_is_signed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "authority.pem").write_bytes((folder / "authority.pem").read_bytes())
    asked = CliRunner().invoke(app, ["secrets", str(tmp_path)])
    assert (asked.exit_code, "the key of the authority, is needed" in asked.stderr) == (1, True)
