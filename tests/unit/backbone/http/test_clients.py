"""Who closes a connection that rests."""

from pathlib import Path

from backbone.http.clients import RESTING
from backbone.http.limits import KEEP_ALIVE_SECONDS

ROOT = Path(__file__).parents[4]
OURS = ("backbone", "board", "services", "cli", "simulator")


def test_our_clients_give_up_a_connection_before_our_servers_do_and_not_much_sooner() -> None:
    assert RESTING.keepalive_expiry is not None
    assert KEEP_ALIVE_SECONDS / 2 < RESTING.keepalive_expiry < KEEP_ALIVE_SECONDS


def test_connections_that_rest_are_not_given_up_for_being_many() -> None:
    assert RESTING.max_keepalive_connections is None


def test_no_client_of_ours_gives_connections_up_by_a_rule_of_its_own() -> None:
    said = {
        str(file.relative_to(ROOT))
        for folder in OURS
        for file in (ROOT / folder).rglob("*.py")
        if "httpx.Limits(" in file.read_text()
    }
    assert said == {"backbone/http/clients.py"}
