"""TLS before a PostgreSQL server that has none, as a pooler of connections does it. Who asks for none is sent away."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from cli.stack.ports import free_ports

REQUEST = bytes.fromhex("0000000804d2162f")
"""SSLRequest of PostgreSQL's protocol."""


@asynccontextmanager
async def tls_front(server_port: int, certificate: Path, key: Path) -> AsyncIterator[int]:
    """On every address of this machine; the port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    open_ones: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(len(REQUEST)) == REQUEST:
                writer.write(b"S")
                await writer.start_tls(context)
                behind = await asyncio.open_connection("127.0.0.1", server_port)
                open_ones.add(behind[1])
                await asyncio.gather(pump(reader, behind[1]), pump(behind[0], writer))
        writer.close()

    [port] = free_ports(1)
    server = await asyncio.start_server(serve, "0.0.0.0", port)
    yield port
    server.close()
    for writer in open_ones:
        writer.transport.abort()
    await asyncio.sleep(0)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while read := await reader.read(65536):
            writer.write(read)
            await writer.drain()
    writer.close()
