"""Certificates that are replaced while a process runs hold from the next connection on, on both sides."""

import asyncio
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from cryptography import x509
from fastapi import FastAPI

from backbone.brokers import by_certificate, by_password
from backbone.http.doors import open_to
from backbone.settings import HttpSettings
from backbone.tls import Renewed, answering, asking
from cli.authority import Authority
from cli.stack.ports import free_ports


class Folder:
    """Where a process finds its certificates; somebody else replaces them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.ca, self.certificate, self.key = (folder / name for name in ("ca.pem", "own.pem", "own.key"))

    def put(self, authority: Authority, name: str) -> int:
        """The number of the certificate that is put there."""
        certificate, key = authority.issue(name)
        shutil.copy(authority.ca, self.ca)
        shutil.copy(certificate, self.certificate)
        shutil.copy(key, self.key)
        return number_of(certificate)


def number_of(certificate: Path) -> int:
    return x509.load_pem_x509_certificate(certificate.read_bytes()).serial_number


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def another(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "another")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "folder")


@asynccontextmanager
async def broker(authority: Authority) -> AsyncIterator[tuple[int, list[int]]]:
    """Its port, and the numbers of the certificates that it was shown."""
    shown = list[int]()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.ca)
    context.load_cert_chain(*authority.issue("broker"))
    context.verify_mode = ssl.CERT_OPTIONAL

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if seen := writer.get_extra_info("ssl_object").getpeercert(binary_form=True):
            shown.append(x509.load_der_x509_certificate(seen).serial_number)
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], shown


async def connected(port: int, context: ssl.SSLContext) -> int:
    """The number of the certificate that the other side shows."""
    reader, writer = await asyncio.open_connection(
        "localhost", port, ssl=context, server_hostname="localhost"
    )
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    await reader.read()
    writer.close()
    await asyncio.gather(writer.wait_closed(), return_exceptions=True)
    return x509.load_der_x509_certificate(shown).serial_number


async def known(port: int, security: Any) -> None:
    """As aiokafka connects, until this broker says nothing more. Raises SSLError."""
    connection = AIOKafkaConnection(
        "localhost",
        port,
        security_protocol="SSL",
        ssl_context=security["ssl_context"],
        request_timeout_ms=5000,
    )
    with suppress(KafkaConnectionError):
        await connection.connect()
    connection.close()


async def test_the_front_door_shows_a_new_certificate_to_who_comes_next(
    authority: Authority, folder: Folder
) -> None:
    first = folder.put(authority, "board")
    [port] = free_ports(1)
    told = HttpSettings(
        http_port=port, http_security="tls", http_certificate=folder.certificate, http_key=folder.key
    )
    serving = asyncio.ensure_future(open_to(FastAPI(), told))
    trusted = ssl.create_default_context(cafile=authority.ca)
    try:
        reader, writer = await patiently_opened(port, trusted)
        assert number_shown(writer) == first
        second = folder.put(authority, "board")
        _, later = await patiently_opened(port, trusted)
        assert number_shown(later) == second != first
        writer.write(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 404")  # who is here stays
        for each in (writer, later):
            each.close()
            await asyncio.gather(each.wait_closed(), return_exceptions=True)
    finally:
        serving.cancel()
        await asyncio.wait([serving])


async def patiently_opened(
    port: int, context: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """As soon as it listens."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await asyncio.open_connection("localhost", port, ssl=context)
            except ConnectionRefusedError:
                await asyncio.sleep(0.01)


def number_shown(writer: asyncio.StreamWriter) -> int:
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(shown).serial_number


async def test_a_client_of_kafka_shows_its_new_certificate_at_its_next_connection(
    authority: Authority, folder: Folder
) -> None:
    first = folder.put(authority, "referral")
    security = by_certificate(folder.ca, folder.certificate, folder.key, None)
    async with broker(authority) as (port, shown):
        await known(port, security)
        second = folder.put(authority, "referral")
        await known(port, security)
        async with asyncio.timeout(5):
            while len(shown) < 2:
                await asyncio.sleep(0.01)
    assert shown == [first, second]


async def test_who_is_believed_follows_the_file_and_who_was_taken_out_is_believed_no_more(
    authority: Authority, another: Authority, folder: Folder
) -> None:
    folder.put(authority, "referral")
    security = by_password(folder.ca, "referral", "a password")
    async with broker(authority) as (old, _), broker(another) as (new, _):
        await known(old, security)
        with pytest.raises(ssl.SSLCertVerificationError):
            await known(new, security)
        folder.put(another, "referral")
        await known(new, security)
        with pytest.raises(ssl.SSLCertVerificationError):
            await known(old, security)


async def test_a_certificate_without_its_key_waits_until_the_key_is_there(
    authority: Authority, folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    first = folder.put(authority, "board")
    context = answering(folder.certificate, folder.key)
    trusted = ssl.create_default_context(cafile=authority.ca)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        certificate, key = authority.issue("board")
        shutil.copy(certificate, folder.certificate)
        assert await connected(port, trusted) == first
        assert "those of before go on" in caplog.text
        shutil.copy(key, folder.key)
        assert await connected(port, trusted) == number_of(certificate)
        folder.key.unlink()
        assert await connected(port, trusted) == number_of(certificate)


def test_what_is_wrong_at_start_is_said_at_start(folder: Folder, authority: Authority) -> None:
    folder.put(authority, "board")
    folder.key.write_text("nothing")
    with pytest.raises(ValueError, match="no certificate in PEM with its key"):
        answering(folder.certificate, folder.key)
    folder.ca.write_text("nothing")
    with pytest.raises(ValueError, match="holds no certificate"):
        asking(folder.ca)


def test_who_asks_checks_the_host_as_before(folder: Folder, authority: Authority) -> None:
    """Libraries look at these before they connect."""
    folder.put(authority, "board")
    context = asking(folder.ca)
    assert isinstance(context, Renewed)
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
