"""Builds and starts the containers, sends a referral, sees it in a queue over the board, signed in as a nurse is, and
takes all of it down.

`python -m tests.compose [development|production]`; `python -m tests.compose running` does the first with containers
that are up already, and leaves them up.
"""

import shutil
import ssl
import sys
import time
from pathlib import Path

import httpx

from cli.people import members
from schemas.services import NAMES
from tests.compose.profiles import Profile, development, production
from tests.support.keys import HEX, readable
from tests.support.submissions import a_patient, a_referrer, a_submission, flags

PATIENT = a_patient() | {"family_name": "Wintergreen"}
LETTERS = {"kind": "secure_email", "address": "letters@main-street.example"}
LIMIT_SECONDS = 60.0


def send_referral(profile: Profile) -> str:
    """A referral with a red flag; the id that the service gave it."""
    referrer = a_referrer() | {"return_channel": LETTERS}
    screen = flags(fracture="yes")
    submission = a_submission(
        f"compose-{time.time_ns()}", patient=PATIENT, referrer=referrer, red_flag_screen=screen
    )
    answer = httpx.post(
        f"{profile.url('referral')}/referrals",
        json=submission,
        headers={"Authorization": f"Bearer {profile.token('ines.park')}"},
        verify=profile.trusted,
        trust_env=False,
        timeout=30,
    )
    answer.raise_for_status()
    return str(answer.json()["id"])


def sign_in(browser: httpx.Client, profile: Profile, login: str) -> str:
    """At the issuer's page and back, as a browser goes; the name of who is signed in."""
    [member] = [each for each in members() if each.login == login]
    begun = browser.get("/board/nursing")
    there = browser.get(begun.headers["location"]).headers["location"]
    assert there.startswith(f"{profile.login}/authorize?"), there
    assert member.name in browser.get(there).text
    back = browser.post(there, data={"staff": member.id}).headers["location"]
    browser.get(back).raise_for_status()
    return str(browser.get("/board/session").raise_for_status().json()["staff"]["name"])


def see_in_queue(browser: httpx.Client, referral: str) -> str:
    """Waits until an item of the referral stands in a queue of the board. Raises TimeoutError."""
    assert 'id="frame"' in browser.get("/board/nursing").raise_for_status().text
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        answer = browser.get("/api/worklist/queues/nursing")
        assert answer.is_success, answer.text
        if referral in answer.text:
            return answer.text
        time.sleep(0.1)
    raise TimeoutError(
        f"the referral {referral} is in no item of the nursing queue after {LIMIT_SECONDS:.0f} s"
    )


def see_it_sealed(profile: Profile, referral: str) -> None:
    """The databases know the referral, and tell nobody who has them the patient's name."""
    dump = ("exec", "-T", "postgres", "pg_dump", "--username", "postgres", "--data-only")
    held = {name: readable(profile.compose(*dump, name).encode()) for name in (*NAMES, "keys")}
    assert referral.encode() in held["referral"]
    told = [name for name, text in held.items() if PATIENT["family_name"].encode() in text]
    assert not told, f"readable in the databases of {told}"
    assert HEX.search(held["keys"]), "no key was made"
    print("No database tells the patient's name.")


def see_in_the_mail(sinks: str) -> str:
    """Waits until the practice has its receipt. Raises TimeoutError."""
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        mails = httpx.get(f"{sinks}/arrived", trust_env=False).json()["mails"]
        if found := [mail["body"] for mail in mails if mail["to"] == [LETTERS["address"]]]:
            return str(found[-1])
        time.sleep(0.1)
    raise TimeoutError(f"no mail for the practice after {LIMIT_SECONDS:.0f} s")


def try_it(profile: Profile) -> None:
    """One referral from the sender to the board's queue and to its receipt, through the published ports."""
    with httpx.Client(base_url=profile.board, verify=profile.trusted, trust_env=False, timeout=30) as browser:
        print(f"Signed in at {profile.board}: {sign_in(browser, profile, 'nora.quinn')}")
        referral = send_referral(profile)
        print(f"Sent: {referral}")
        began = time.monotonic()
        see_in_queue(browser, referral)
    print(f"Seen in the nursing queue of the board, {time.monotonic() - began:.1f} s later.")
    see_it_sealed(profile, referral)
    if profile.sinks:
        print(f"The practice has mail: {see_in_the_mail(profile.sinks)}")


def try_more_processes(profile: Profile) -> None:
    """Three of one service, and what the last of them does is seen."""
    profile.compose("up", "--detach", "--no-recreate", "--no-build", "--scale", "worklist=3")
    wait_until_ready(profile, worklist=3)
    try_it(profile)
    print("Three processes of worklist work side by side.")


def try_what_must_not_be(profile: Profile) -> None:
    """Nobody comes in by plain text, as somebody unknown, or to the metrics by the public port."""
    assert isinstance(profile.trusted, ssl.SSLContext)
    with httpx.Client(verify=profile.trusted, trust_env=False) as http:
        for url in (profile.board, profile.url("referral"), profile.url("worklist")):
            for path in ("/metrics", "/readyz", "/openapi.json"):
                assert http.get(f"{url}{path}").status_code == httpx.codes.NOT_FOUND, url
            try:
                plain = http.get(url.replace("https:", "http:")).status_code
            except httpx.TransportError:
                continue
            raise AssertionError(f"{url} answers {plain} in plain text")
    said = profile.compose(
        "exec",
        "-T",
        "postgres",
        "sh",
        "-c",
        "psql 'host=127.0.0.1 user=referral dbname=referral sslmode=disable' -c 'SELECT 1' 2>&1 || true",
    )
    assert "no encryption" in said, said
    print("Plain text, metrics at the public port and databases without TLS are refused.")


def try_operating(profile: Profile) -> None:
    """What docs/deployment.md has operations staff type. Raises CalledProcessError where one of it fails."""
    for asked in (["backup", "/backups/tried"], ["keys", "rotate"], ["keys", "destroy-again"]):
        print(profile.compose("run", "--rm", "-T", "operator", *asked))
    kept = {file.name for file in (Path(profile.env["HUDDLE_BACKUPS"]) / "tried").iterdir()}
    assert kept == {"backup.json", *(f"{name}.dump" for name in NAMES)}, kept
    print(
        profile.compose(
            "run", "--rm", "-T", "--no-deps", "referral", "python", "-m", "cli.doctor", "referral"
        )
    )


def run(profile: Profile) -> None:
    if shutil.which("docker") is None:
        sys.exit("Docker with Compose 2.24 or later is needed (https://docs.docker.com/engine/install/).")
    try:
        profile.compose("up", "--build", "--detach", "--quiet-pull")
        wait_until_ready(profile)
        try_it(profile)
        try_more_processes(profile)
        if profile.scheme == "https":
            try_what_must_not_be(profile)
            try_operating(profile)
    except Exception:
        print(profile.compose("ps", "--all"), profile.compose("logs", "--no-color", "--tail", "15"))
        raise
    finally:
        profile.compose("--profile", "operations", "down", "--volumes", "--timeout", "10")


def main() -> None:
    """The exit code is 0 when the referral was seen."""
    asked = sys.argv[1:] or ["development", "production"]
    if asked == ["running"]:
        wait_until_ready(development())
        try_it(development())
        return
    if "development" in asked:
        run(development())
    if "production" in asked:
        with production() as profile:
            run(profile)


def wait_until_ready(profile: Profile, patience: float = 360.0, **scaled: int) -> None:
    """Until every process, the board and the issuer are ready. Raises TimeoutError."""
    end = time.monotonic() + patience
    waiting = profile.probes(**scaled)
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
