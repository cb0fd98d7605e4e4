"""The list of errors that may pass by themselves is closed: every class of the driver is on one side or the other."""

import asyncpg
import pytest

from backbone.errors import Conflict, Outage, Retryable
from backbone.store.postgres import OUTAGE, PASSING, PostgresStore

OUTAGES = {
    "AdminShutdownError",
    "CannotConnectNowError",
    "CrashShutdownError",
    "DatabaseDroppedError",
    "DiskFullError",
    "DuplicateFileError",
    "FileNameTooLongError",
    "PostgresIOError",
    "PostgresSystemError",
    "ReadOnlySQLTransactionError",
    "TooManyConnectionsError",
    "UndefinedFileError",
}
PASSES = {
    "ClientCannotConnectError",
    "ConnectionDoesNotExistError",
    "ConnectionFailureError",
    "ConnectionRejectionError",
    "DeadlockDetectedError",
    "IdleInTransactionSessionTimeoutError",
    "InternalClientError",
    "LockNotAvailableError",
    "OutOfMemoryError",
    "OutdatedSchemaCacheError",
    "PostgresConnectionError",
    "ProtocolError",
    "ProtocolViolationError",
    "QueryCanceledError",
    "SerializationError",
    "StatementCompletionUnknownError",
    "TargetServerAttributeNotMatched",
    "TransactionResolutionUnknownError",
}
STORE = PostgresStore(None, {})


def of_the_driver() -> list[type[Exception]]:
    found = vars(asyncpg.exceptions).values()
    return [each for each in found if isinstance(each, type) and issubclass(each, Exception)]


def becomes(error: Exception) -> type[Exception]:
    """What work sees of the error."""
    try:
        with STORE.retryable():
            raise error
    except Exception as seen:
        return type(seen)


def names_that_become(kind: type[Exception]) -> set[str]:
    return {each.__name__ for each in of_the_driver() if becomes(each("said")) is kind}


def test_the_driver_has_errors_at_all() -> None:
    assert len(of_the_driver()) > 200


def test_what_no_work_can_cause_is_waited_out() -> None:
    assert names_that_become(Outage) == OUTAGES


def test_what_may_pass_or_be_caused_by_the_work_is_tried_again() -> None:
    assert names_that_become(Retryable) == PASSES


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DataError("a text for a number"),
        asyncpg.InterfaceError("misused"),
        asyncpg.InFailedSQLTransactionError(),
        asyncpg.UndefinedTableError(),
        ValueError("CR in an address"),
        OverflowError(),
        RecursionError(),
        MemoryError(),
        FileNotFoundError(),
        OSError("any other"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_bug_or_bad_data_is_no_matter_of_time(error: Exception) -> None:
    assert becomes(error) is type(error)
    assert not STORE.transient(error)


@pytest.mark.parametrize("error", [ConnectionResetError(), BrokenPipeError(), TimeoutError()])
def test_a_broken_connection_may_pass(error: Exception) -> None:
    assert becomes(error) is Retryable
    assert STORE.transient(error)


def test_each_of_them_has_its_reason_and_none_is_on_both_lists() -> None:
    assert all({**OUTAGE, **PASSING}.values())
    assert not OUTAGE.keys() & PASSING.keys()
    assert STORE.transient(Conflict("somebody else"))
