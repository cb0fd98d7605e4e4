"""Builds and starts docker-compose.yml, sends a referral, sees it in a queue, takes everything down.

`python -m tests.compose running` does the same with containers that are up already, and leaves them up.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.support.submissions import a_submission, flags

ROOT = Path(__file__).parent.parent.parent
REFERRAL = f"http://127.0.0.1:{os.environ.get('HUDDLE_REFERRAL_PORT', '8101')}"
WORKLIST = f"http://127.0.0.1:{os.environ.get('HUDDLE_WORKLIST_PORT', '8102')}"
LIMIT_SECONDS = 30.0


def compose(*arguments: str) -> str:
    """Run Docker Compose. Raises CalledProcessError."""
    command = ["docker", "compose", *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout


def token(login: str) -> dict[str, str]:
    """The header of a member of staff, from the development issuer in the containers."""
    said = compose("run", "--rm", "--no-deps", "-T", "prepare", "python", "-m", "cli.preparing", login)
    return {"Authorization": f"Bearer {said.strip().splitlines()[-1]}"}


def send_referral() -> str:
    """A referral with a red flag; the id that the service gave it."""
    submission = a_submission(f"compose-{time.time_ns()}", red_flag_screen=flags(fracture="yes"))
    answer = httpx.post(f"{REFERRAL}/referrals", json=submission, headers=token("ines.park"), trust_env=False)
    answer.raise_for_status()
    return str(answer.json()["id"])


def see_in_queue(referral: str) -> str:
    """Waits until an item of the referral stands in a queue. Raises TimeoutError."""
    headers = token("nora.quinn")
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        answer = httpx.get(f"{WORKLIST}/queues/nursing", headers=headers, trust_env=False)
        answer.raise_for_status()
        if referral in answer.text:
            return answer.text
        time.sleep(0.1)
    raise TimeoutError(
        f"the referral {referral} is in no item of the nursing queue after {LIMIT_SECONDS:.0f} s"
    )


def try_it() -> None:
    """One referral from the sender to the queue, through the published ports."""
    referral = send_referral()
    print(f"Sent: {referral}")
    began = time.monotonic()
    see_in_queue(referral)
    print(f"Seen in the nursing queue, {time.monotonic() - began:.1f} s later.")


def main() -> None:
    """The exit code is 0 when the referral was seen."""
    if sys.argv[1:] == ["running"]:
        try_it()
        return
    if shutil.which("docker") is None:
        sys.exit("Docker with Compose v2 is needed (https://docs.docker.com/engine/install/).")
    try:
        compose("up", "--build", "--detach", "--quiet-pull")
        wait_until_ready()
        try_it()
    finally:
        compose("down", "--volumes")


def wait_until_ready(patience: float = 180.0) -> None:
    """Until both services are ready. Raises TimeoutError."""
    end = time.monotonic() + patience
    waiting = [REFERRAL, WORKLIST]
    while waiting:
        waiting = [url for url in waiting if not ready(url)]
        if time.monotonic() > end:
            raise TimeoutError(f"not ready after {patience:.0f} s: {', '.join(waiting)}")
        time.sleep(0.5)


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
