"""`python -m tests.screenshots`, or `make screenshots`: a clinic from nothing, and `docs/images` of its board.

`--board URL` takes the pictures of a board that runs already (`--patient ID` for the patient's page), and `--keep`
leaves the stack standing until it is interrupted.
"""

import argparse
import asyncio
import signal
import tempfile
import threading
import traceback
from contextlib import suppress
from pathlib import Path

from cli.demo import a_stack, answer_to, interrupted
from cli.local import LocalStack
from tests.screenshots.clinic import play
from tests.screenshots.pictures import FOLDER, take


def main() -> None:
    """The exit code is 0 when all pictures were taken."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--board", help="address of a board that runs")
    parser.add_argument("--patient", help="whose page is shown")
    parser.add_argument("--only", action="append", default=[], help="only this picture (may be repeated)")
    parser.add_argument("--keep", action="store_true")
    chosen = parser.parse_args()
    if chosen.board:
        take(chosen.board, FOLDER, tuple(chosen.only), chosen.patient)
        return
    answer_to(signal.default_int_handler, signal.SIGINT)  # a shell may have had it ignored
    answer_to(interrupted, signal.SIGTERM, signal.SIGHUP)
    with tempfile.TemporaryDirectory(prefix="huddle-pictures-") as folder:
        Path(folder).chmod(0o755)
        stack = a_stack(Path(folder), print)
        stack.start()
        try:
            from_clinic(stack, tuple(chosen.only), keep=chosen.keep)
        finally:
            stack.stop()


def from_clinic(stack: LocalStack, names: tuple[str, ...], *, keep: bool) -> None:
    try:
        patient = asyncio.run(play(stack))
        print(f"{stack.ports.board_url}/board/patients/{patient}", flush=True)
        take(stack.ports.board_url, FOLDER, names, patient)
    except Exception:
        traceback.print_exc()  # at once: who keeps the stack wants to know
        raise
    finally:
        if keep:
            with suppress(KeyboardInterrupt):
                threading.Event().wait()


if __name__ == "__main__":
    main()
