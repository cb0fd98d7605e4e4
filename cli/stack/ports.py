"""Free ports of this machine."""

import socket


def free_ports(count: int) -> list[int]:
    """Ports on 127.0.0.1 that nobody listens on, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for sock in sockets:
            sock.bind(("127.0.0.1", 0))
        return [int(sock.getsockname()[1]) for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()


def answers(port: int) -> bool:
    """Does somebody on 127.0.0.1 accept connections at the port?"""
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
