"""A port that is held is given to nobody else, and serves whom it is held for."""

import socket
from contextlib import ExitStack

from cli.stack.ports import answers, free_ports
from tests.support.ports import held_port


def test_a_port_that_is_held_is_given_to_nobody_else():
    with ExitStack() as stack:
        held = {stack.enter_context(held_port()) for _ in range(100)}
        assert len(held) == 100
        assert held.isdisjoint(free_ports(500)) and not any(map(answers, held))


def test_a_server_may_listen_at_a_port_that_is_held_for_it():
    with held_port() as port, socket.create_server(("127.0.0.1", port)):
        assert answers(port)
