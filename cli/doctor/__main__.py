"""`python -m cli.doctor SERVICE [--json]`: where there is no command line, as in the services' containers."""

import sys
from pathlib import Path

from cli.composition import service_of
from cli.doctor.examining import examined
from cli.doctor.finding import code_of, told
from schemas.services import NAMES


def main() -> int:
    """0: nothing fails. 1: something does. 64: there is no such service."""
    arguments = [each for each in sys.argv[1:] if each != "--json"]
    if len(arguments) != 1 or arguments[0] not in NAMES:
        print(f"Name one of {', '.join(NAMES)}.", file=sys.stderr)
        return 64
    found = examined(service_of(arguments[0]), Path("/"))
    for line in told(arguments[0], found, "--json" in sys.argv):
        print(line)
    return code_of(found)


if __name__ == "__main__":
    sys.exit(main())
