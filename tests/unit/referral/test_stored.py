"""What is stored of a referral is read again as it was: its states, and commands of timers and deferred groups."""

import msgspec
import pytest

from services.referral.referral.aggregate import REFERRAL
from tests.unit.referral.test_every_pair import COMMANDS, SITUATIONS, situation


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_survives_being_stored(name: str) -> None:
    command = COMMANDS[name][1]
    assert REFERRAL.command_decoder.decode(msgspec.json.encode(command)) == command


@pytest.mark.parametrize("status", SITUATIONS)
def test_a_state_survives_being_stored(status: str) -> None:
    state = situation(status).world.state
    assert REFERRAL.state_decoder.decode(msgspec.json.encode(state)) == state
