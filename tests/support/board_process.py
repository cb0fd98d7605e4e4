"""The board and the development issuer as processes beside a clinic of real services."""

import sys
from pathlib import Path

from cli.composition import Mode, Ports, board_environment, issuer_command
from cli.stack.ports import free_ports
from schemas.services import NAMES
from tests.support.local_clinic import LocalClinic
from tests.support.local_system import SECRET, Worker


async def board_beside(clinic: LocalClinic, folder: Path) -> str:
    """The board's address, once it answers. Both end with the clinic. Where it lacks a service, nobody answers."""
    system = clinic.system
    board, issuer, *nobody = free_ports(2 + len(NAMES))
    services = dict(zip(NAMES, nobody, strict=True))
    services |= {name: int(worker.url.rpartition(":")[2]) for name, worker in clinic.workers.items()}
    ports = Ports(0, 0, services, (0, 0), board, issuer)
    env = dict(board_environment(ports, system.issuer, SECRET, Mode("simulated")))
    issuing = Worker(
        [*issuer_command(ports, system.issuer.folder)],
        {**env, "HUDDLE_HTTP_PORT": str(issuer)},
        folder / "issuer.log",
    )
    door = Worker([sys.executable, "-m", "board"], env, folder / "board.log")
    for worker in (issuing, door):
        system.workers.append(worker)
        worker.start()
    await system.ready(door)
    return ports.board_url
