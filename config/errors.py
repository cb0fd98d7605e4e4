"""What is wrong with a configuration: every error at once, each with its file and key."""

from collections.abc import Sequence


class ConfigurationError(Exception):
    """The configuration can't be used. `problems` holds one line for each error: file, key, what is wrong."""

    exit_code = 78

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("the configuration can't be used:\n  " + "\n  ".join(self.problems))
