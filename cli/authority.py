"""An authority that signs certificates for the processes of one deployment, in PEM files."""

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from backbone.clock import WallClock
from cli.stack.errors import StackError

DAY = timedelta(days=1)
USED_FOR = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
)


class Authority:
    """`ca` is its own certificate. Its key is made with it, and is there again the next time."""

    def __init__(self, folder: Path, valid: timedelta = DAY, name: str = "the tests' authority") -> None:
        self._folder = folder
        self._valid = valid
        self._name = name_of(name)
        self.ca, self._key_file = folder / "authority.pem", folder / "authority.key"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.ca.exists():
            self._key = self._read_key()
        else:
            self._key = ec.generate_private_key(ec.SECP256R1())
            write_key(self._key_file, self._key)
            self._write(self.ca, self._signed(self._name, self._key, (), is_authority=True))

    def issue(self, name: str, password: str | None = None, hosts: Iterable[str] = ()) -> tuple[Path, Path]:
        """A certificate of this common name, for servers of these hosts or of this machine and for clients, and its
        key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate, key_file = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        self._write(certificate, self._signed(name_of(name), key, hosts, is_authority=False))
        write_key(key_file, key, password)
        return certificate, key_file

    def _read_key(self) -> ec.EllipticCurvePrivateKey:
        """Raises StackError."""
        try:
            key = load_pem_private_key(self._key_file.read_bytes(), password=None)
        except (OSError, ValueError) as error:
            raise StackError(
                f"{self._key_file}, the key of the authority, is needed to sign: {error}."
            ) from None
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, hosts: Iterable[str], *, is_authority: bool
    ) -> x509.Certificate:
        public, now = key.public_key(), WallClock().now()
        named = [x509.DNSName(host) for host in ("localhost", *hosts)]
        usage = x509.KeyUsage(
            **{each: not is_authority and each == "digital_signature" for each in USED_FOR},
            key_cert_sign=is_authority,
            crl_sign=is_authority,
            encipher_only=False,
            decipher_only=False,
        )
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder(self._name, name, public, x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + self._valid)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(by, critical=False)
            .add_extension(
                x509.SubjectAlternativeName([*named, x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )

    def _write(self, file: Path, certificate: x509.Certificate) -> None:
        file.write_bytes(certificate.public_bytes(Encoding.PEM))


def write_key(file: Path, key: ec.EllipticCurvePrivateKey, password: str | None = None) -> None:
    secrecy: KeySerializationEncryption = (
        BestAvailableEncryption(password.encode()) if password else NoEncryption()
    )
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secrecy))


def name_of(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
