"""Writes the parts of the services' READMEs that the code knows: `python -m tests.readmes`, or `make readmes`.

Diagrams are what the unit tests of this run saw, so they run first, as written and the same every time.
"""

import sys

import pytest

from tests.support import readmes


def main() -> int:
    """The exit code of the tests: diagrams of a failing run are not written."""
    code = int(
        pytest.main(["-q", "--hypothesis-profile=drawn", "--ignore=tests/unit/test_readmes.py", "tests/unit"])
    )
    if code == 0:
        changed = readmes.write(lambda service: {**readmes.generated(service), **readmes.diagrams(service)})
        sys.stdout.write(f"written: {', '.join(changed) or 'nothing'}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
