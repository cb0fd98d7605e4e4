"""Answers leave at once: no connection waits for the acknowledgement of what was sent before (Nagle's algorithm)."""

import socket

from backbone.http.doors import listening


def test_accepted_connections_send_without_delay() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
