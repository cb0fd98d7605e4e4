"""Master keys in a token that is not ours (SoftHSM, by PKCS#11): they wrap patients' keys and are shown to nobody."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backbone.errors import UnusableSettings
from backbone.hardware import MasterKeysInToken
from backbone.masters import MasterKeysTold
from backbone.store.keys import SCHEMA, keys_at
from backbone.told import read
from cli import keeping
from tests.support.databases import Databases
from tests.support.keys import MASTER
from tests.support.runtime_suite import OTHER, PATIENT

pkcs11 = pytest.importorskip("pkcs11", reason="requirements/hsm.txt is not installed")
MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, PIN = "clinic", "1234"
pytestmark = pytest.mark.skipif(
    not (MODULE.exists() and shutil.which("softhsm2-util")), reason="SoftHSM is not here (Debian: softhsm2)"
)


@pytest.fixture(scope="module", autouse=True)
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A token with two keys, in a folder of the tests."""
    folder = tmp_path_factory.mktemp("token")
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "SOFTHSM2_CONF", str(conf))
        made = ["--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "567890"]
        subprocess.run(["softhsm2-util", *made], check=True, capture_output=True)
        with pkcs11.lib(str(MODULE)).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
            for label in ("2026", "2027"):
                session.generate_key(pkcs11.KeyType.AES, 256, label=label, store=True)
        yield


def masters(names: str) -> MasterKeysInToken:
    return MasterKeysInToken(names, MODULE, TOKEN, PIN)


async def test_what_a_key_of_the_token_wraps_opens_by_that_key_for_that_person_alone() -> None:
    keys = masters("2027, 2026")
    assert keys.current == "2027"
    wrapped = await keys.wrap(b"a secret", b"hers")
    assert b"a secret" not in wrapped
    assert await keys.unwrap("2027", wrapped, b"hers") == b"a secret"
    assert wrapped != await keys.wrap(b"a secret", b"hers")
    for name, about in (("2027", b"his"), ("2026", b"hers")):
        with pytest.raises(UnusableSettings, match="another key as"):
            await keys.unwrap(name, wrapped, about)
    with pytest.raises(UnusableSettings, match="lacks 2025"):
        await keys.unwrap("2025", wrapped, b"hers")


def test_a_key_can_not_be_taken_out_of_the_token() -> None:
    key = masters("2027")._key("2027")
    assert key[pkcs11.Attribute.SENSITIVE] is True
    with pytest.raises(pkcs11.PKCS11Error):
        _ = key[pkcs11.Attribute.VALUE]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (("2025", MODULE, TOKEN, PIN), "the token clinic has no AES key of the label 2025"),
        ((" , ", MODULE, TOKEN, PIN), "no key is named"),
        (("2027", MODULE, "nowhere", PIN), "knows no token of the label nowhere"),
        (("2027", Path(__file__), TOKEN, PIN), "is no library of PKCS#11"),
    ],
)
def test_what_is_wrong_is_said_at_start(told: tuple[str, Path, str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        MasterKeysInToken(*told)


def test_another_pin_is_said_at_start(tmp_path: Path) -> None:
    """By a process of its own: this one is known to the token already."""
    asked = f"session_of(Path({str(MODULE)!r}), {TOKEN!r}, 'another')"
    tried = f"from pathlib import Path; from backbone.hardware import session_of; {asked}"
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=False)
    assert f"the PIN is not that of the token {TOKEN}" in done.stderr


def test_settings_of_a_token_go_together() -> None:
    with pytest.raises(UnusableSettings, match="HUDDLE_HSM_MODULE needs HUDDLE_HSM_TOKEN"):
        read(
            keeping.Named,
            environment="development",
            keys_url="postgresql://a@db/a",
            master_keys="2027",
            hsm_module=MODULE,
        )


async def test_from_a_key_that_is_told_to_one_in_the_token_and_on_to_the_next_one(
    databases: Databases,
) -> None:
    url = await databases.new("keys", SCHEMA)
    async with keys_at(url, MasterKeysTold(MASTER)) as keys:
        told = await keys.of([PATIENT])
    said = {"keys_url": url, "hsm_module": MODULE, "hsm_token": TOKEN, "hsm_pin": PIN}
    for names in (f"2026,{MASTER}", "2027,2026"):
        held = read(keeping.Named, environment="development", master_keys=names, **said)
        assert await keeping._rotate(held.keys) == 1
    async with keys_at(url, masters("2027")) as keys:
        sealed = told[PATIENT].cipher.encrypt(b"0" * 12, b"what was said", None)
        assert (await keys.of([PATIENT]))[PATIENT].cipher.decrypt(b"0" * 12, sealed, None) == b"what was said"
        assert (await keys.of([OTHER])).keys() == {OTHER}
        assert await keys.masters_in_use() == ["2027"]
