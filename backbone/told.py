"""What a process is told by `HUDDLE_*` variables or files of secrets, whatever that is: read and refused, whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backbone.errors import UnusableSettings

SECRETS = Path("/run/secrets")
COMMITTED = "development-only"
"""What each secret holds that comes with the project (`deploy/secrets`)."""


def readable(file: Path) -> Path:
    """Raises ValueError with a sentence."""
    try:
        file.open("rb").close()
    except OSError as error:
        raise ValueError(f"{file} can't be read: {error.strerror}") from None
    return file


File = Annotated[Path, AfterValidator(readable)]


class Told(BaseSettings):
    """Each value comes from `HUDDLE_<NAME>`, or from a file `huddle_<name>` in the secrets directory."""

    model_config = SettingsConfigDict(env_prefix="HUDDLE_", extra="ignore")

    environment: Literal["development", "production"] = "production"

    def problems(self) -> Iterator[str]:
        """What can't work as it was said, a sentence each."""
        yield from ()

    def refusals(self) -> Iterator[str]:
        """What must not be so in production, a sentence each."""
        for name, value in self:
            if COMMITTED in str(value):
                yield f"HUDDLE_{name.upper()} is a secret that comes with the project: everybody knows it"

    @model_validator(mode="after")
    def _can_be_worked_with(self) -> "Told":
        """One validator for all: after the first that raises, pydantic asks no other."""
        if wrong := [*self.problems()]:
            raise ValueError("; ".join(wrong))
        return self


S = TypeVar("S", bound=Told)


def read(shape: type[S], **values: Any) -> S:
    """Raises UnusableSettings that names every wrong setting, and in production every one that it refuses."""
    told = as_told(shape, **values)
    if told.environment == "production":
        refuse(told.refusals())
    return told


def refuse(sentences: Iterable[str]) -> None:
    """Raises UnusableSettings when there is one."""
    if refused := list(sentences):
        raise UnusableSettings(f"Production refuses this: {'; '.join(refused)}.")


def as_told(shape: type[S], **values: Any) -> S:
    """Whatever production would say of it. Raises UnusableSettings that names every wrong setting."""
    secrets: dict[str, Any] = {"_secrets_dir": SECRETS} if SECRETS.is_dir() else {}
    try:
        return shape(**secrets, **values)
    except ValidationError as error:
        problems = "; ".join(
            (f"HUDDLE_{'_'.join(map(str, e['loc'])).upper()}: " if e["loc"] else "")
            + e["msg"].removeprefix("Value error, ")
            for e in error.errors()
        )
        raise UnusableSettings(f"Unusable settings: {problems}.") from None
