"""The process behind `huddle up`: starts the local stack and tends it until SIGTERM."""

import signal
import sys
import threading
from pathlib import Path

from cli.composition import USUAL, Mode
from cli.local import LocalStack
from cli.stack.errors import StackError


def main() -> int:
    """`python -m cli.keeper HOME CLOCK`: says what happens on standard output."""
    stop = threading.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, lambda *_: stop.set())
    stack = LocalStack(Path(sys.argv[1]), USUAL, Mode(sys.argv[2]), lambda line: print(line, flush=True))
    try:
        stack.start()
        print("READY", flush=True)
        stack.tend(stop)
    except StackError as error:
        print(f"ERROR {error}", flush=True)
        return 1
    finally:
        stack.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
