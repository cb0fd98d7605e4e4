"""`python -m simulator.sinks HOST HTTP_PORT SMTP_PORT`"""

import asyncio
import sys

import httpx
import uvicorn
from aiosmtpd.smtp import SMTP

from backbone.http.clients import RESTING
from simulator.sinks.gateway import Gateway, application
from simulator.sinks.mail import Mailbox

KEEP_ALIVE_SECONDS = 65
"""As services keep connections that rest: longer than our clients do."""


async def main(host: str, http_port: int, smtp_port: int) -> None:
    """Both servers, until SIGTERM."""
    mailbox, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop, hostname="sinks"), host, smtp_port)
    async with server, httpx.AsyncClient(timeout=20, limits=RESTING, trust_env=False) as client:
        app = application(Gateway(client), mailbox.mails)
        config = uvicorn.Config(
            app,
            host=host,
            port=http_port,
            log_level="warning",
            lifespan="off",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
