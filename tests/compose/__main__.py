"""Builds and starts docker-compose.yml, sends a referral, sees it in a queue over the board, signed in as a nurse is,
and its receipt in the mail, and takes all of it down.

`python -m tests.compose running` does the same with containers that are up already, and leaves them up.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx

from cli.composition import USUAL
from cli.people import members
from schemas.services import SERVICES
from tests.support.submissions import a_referrer, a_submission, flags

ROOT = Path(__file__).parent.parent.parent
URLS = {
    row.name: f"http://127.0.0.1:{os.environ.get(f'HUDDLE_{row.name.upper()}_PORT', row.port)}"
    for row in SERVICES
}
BOARD = os.environ.get("HUDDLE_BOARD_URL", USUAL.board_url)
ISSUER = f"http://127.0.0.1:{os.environ.get('HUDDLE_ISSUER_PORT', USUAL.issuer)}"
SINKS = f"http://127.0.0.1:{os.environ.get('HUDDLE_SINKS_PORT', USUAL.sinks[0])}"
LETTERS = {"kind": "secure_email", "address": "letters@main-street.example"}
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
    referrer = a_referrer() | {"return_channel": LETTERS}
    screen = flags(fracture="yes")
    submission = a_submission(f"compose-{time.time_ns()}", referrer=referrer, red_flag_screen=screen)
    answer = httpx.post(
        f"{URLS['referral']}/referrals", json=submission, headers=token("ines.park"), trust_env=False
    )
    answer.raise_for_status()
    return str(answer.json()["id"])


def sign_in(browser: httpx.Client, login: str) -> str:
    """At the issuer's page and back, as a browser goes; the name of who is signed in."""
    [member] = [each for each in members() if each.login == login]
    begun = browser.get("/board/nursing")
    there = browser.get(begun.headers["location"]).headers["location"]
    assert there.startswith(f"{ISSUER}/authorize?"), there
    assert member.name in browser.get(there).text
    back = browser.post(there, data={"staff": member.id}).headers["location"]
    browser.get(back).raise_for_status()
    return str(browser.get("/board/session").raise_for_status().json()["staff"]["name"])


def see_in_queue(browser: httpx.Client, referral: str) -> str:
    """Waits until an item of the referral stands in a queue of the board. Raises TimeoutError."""
    assert 'id="frame"' in browser.get("/board/nursing").raise_for_status().text
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        answer = browser.get("/api/worklist/queues/nursing").raise_for_status()
        if referral in answer.text:
            return answer.text
        time.sleep(0.1)
    raise TimeoutError(
        f"the referral {referral} is in no item of the nursing queue after {LIMIT_SECONDS:.0f} s"
    )


def see_in_the_mail() -> str:
    """Waits until the practice has its receipt. Raises TimeoutError."""
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        mails = httpx.get(f"{SINKS}/arrived", trust_env=False).json()["mails"]
        if found := [mail["body"] for mail in mails if mail["to"] == [LETTERS["address"]]]:
            return str(found[-1])
        time.sleep(0.1)
    raise TimeoutError(f"no mail for the practice after {LIMIT_SECONDS:.0f} s")


def try_it() -> None:
    """One referral from the sender to the board's queue and to its receipt, through the published ports."""
    with httpx.Client(base_url=BOARD, trust_env=False) as browser:
        print(f"Signed in at {BOARD}: {sign_in(browser, 'nora.quinn')}")
        referral = send_referral()
        print(f"Sent: {referral}")
        began = time.monotonic()
        see_in_queue(browser, referral)
    print(f"Seen in the nursing queue of the board, {time.monotonic() - began:.1f} s later.")
    print(f"The practice has mail: {see_in_the_mail()}")


def main() -> None:
    """The exit code is 0 when the referral was seen."""
    if sys.argv[1:] == ["running"]:
        wait_until_ready()
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
    """Until every service, the board and the issuer are ready. Raises TimeoutError."""
    end = time.monotonic() + patience
    waiting = [f"{url}/readyz" for url in (*URLS.values(), BOARD)] + [f"{ISSUER}/jwks.json"]
    while waiting:
        waiting = [url for url in waiting if not ready(url)]
        if time.monotonic() > end:
            raise TimeoutError(f"not ready after {patience:.0f} s: {', '.join(waiting)}")
        time.sleep(0.5)


def ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
