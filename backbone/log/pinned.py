"""Libraries whose private seams we use: the versions on which ours were proved, checked at start."""

from importlib.metadata import version

from backbone.errors import Fatal

PINNED = {"aiokafka": "0.14.0", "faust-streaming": "0.15.3"}


def check_versions(*packages: str) -> None:
    """Raises Fatal when the seams may not fit what is installed."""
    for package in packages:
        if version(package) != PINNED[package]:
            raise Fatal(
                f"{package} {version(package)} is installed, but Huddle is proved on {PINNED[package]} only: "
                "run `make setup`."
            )
