"""The programs that Huddle needs from the machine, its browser tests too, and what to install where one is missing."""

import shutil
import subprocess
import sys

JAVA_AT_LEAST = 17
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
"""Debian's: what a download of Playwright would bring is not needed. The first has no windows, and starts quicker."""


def missing_tools() -> list[str]:
    """What this machine lacks to run Kafka, each with what to install."""
    missing = []
    found = java_major()
    if found < JAVA_AT_LEAST:
        has = f", not {found}" if found else ""
        missing.append(f"Java {JAVA_AT_LEAST} or later{has} (Debian: apt-get install default-jre-headless)")
    if shutil.which("mvn") is None:
        missing.append("Maven, which fetches Kafka (Debian: apt-get install maven)")
    return missing


def missing_browser() -> str | None:
    """What the browser tests lack; nobody else needs it."""
    return (
        None
        if any(map(shutil.which, BROWSERS))
        else "Chromium (Debian: apt-get install chromium-headless-shell)"
    )


def chromium() -> str:
    """The browser of the tests."""
    return next(filter(shutil.which, BROWSERS), BROWSERS[-1])


def java_major() -> int:
    """The major version of the java on the path; 0 when there is none or it can't be told."""
    if shutil.which("java") is None:
        return 0
    said = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    try:
        return int(said.split('"')[1].split(".")[0].split("-")[0])
    except (IndexError, ValueError):
        return 0


def main() -> int:
    """Says what is missing, with `--tests` also what only tests need. The exit code: 0 when nothing is."""
    missing = missing_tools()
    if "--tests" in sys.argv and (browser := missing_browser()):
        missing.append(browser)
    for tool in missing:
        print(f"Huddle needs {tool}.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
