"""The errors that the runtime tells apart.

Fatal                 the process ends with an exit code and one sentence
  UnusableSettings    a setting is missing or wrong
  OffsetLost          retention deleted records that were never handled
  OlderThanTold       the database was restored from before it told what Kafka has
Retryable             back off and do the same again
  Outage              the infrastructure is away, whatever is being handled
    Stopped           a log is not the one that a position counts in
  Conflict            somebody else wrote the same state first
  Deadlock            transactions waited for each other, and the database ended ours
KeyReused             an idempotency key came back with another request
TooLarge              what was decided is larger than a record may be
"""


class Fatal(Exception):
    """The process can't go on. `exit_code` is what it ends with, the message is the one sentence it says."""

    exit_code = 1


class UnusableSettings(Fatal):
    """A setting is missing or wrong; every wrong one is named."""

    exit_code = 78


class OffsetLost(Fatal):
    """Records between the stored position and the start of the log were deleted before they were handled."""

    exit_code = 65


class OlderThanTold(Fatal):
    """Kafka has facts of ours that this database knows nothing of."""

    exit_code = 65


class Retryable(Exception):
    """Nothing was changed; the same again may succeed."""


class Outage(Retryable):
    """Not the doing of what is being handled: it is waited out, however long that takes."""


class Stopped(Outage):
    """Nothing is read of a partition until a person says where to begin. The message names it, and says why."""


class Conflict(Retryable):
    """A state is not the one that was loaded."""


class Deadlock(Retryable):
    """Transactions waited for each other, and the database ended this one."""


class KeyReused(Exception):
    """The idempotency key was first used with another request."""


class TooLarge(Exception):
    """A fact or a published value has more bytes than a record may have. The message says which, never what."""

    def __init__(self, what: str, size: int, most: int) -> None:
        super().__init__(f"{what} would have {size} bytes, and may have {most}")
