"""Every mutant still fits the code that it takes a protection from."""

import subprocess
from pathlib import Path

import pytest

from tests.mutants.__main__ import HERE, PROJECT, killers, turned_red


@pytest.mark.parametrize("name", killers())
def test_the_patch_applies(name: str) -> None:
    patch = str(HERE / f"{name}.patch")
    done = subprocess.run(["git", "apply", "--check", patch], cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_every_patch_has_its_test_and_every_test_its_patch() -> None:
    assert {file.stem for file in HERE.glob("*.patch")} == set(killers())


def test_there_are_at_least_ten() -> None:
    assert len(killers()) >= 10


@pytest.mark.parametrize(("body", "said"), [("assert False", "test_it.py"), ("pass", "")])
def test_what_turns_red_is_named(tmp_path: Path, body: str, said: str) -> None:
    assert turned_red(copy_with(tmp_path, body), "test_it.py") == said


def test_a_test_that_does_not_end_shows_nothing_and_leaves_nothing_running(tmp_path: Path) -> None:
    body = "import os, subprocess; print(os.getpid()); subprocess.run(['sleep', '31536001'])"
    with pytest.raises(TimeoutError):
        turned_red(copy_with(tmp_path, body), "test_it.py", patience=3)
    assert (
        "31536001"
        not in subprocess.run(["ps", "-eo", "args"], capture_output=True, check=True).stdout.decode()
    )


def copy_with(folder: Path, body: str) -> Path:
    (folder / "test_it.py").write_text(f"def test_it():\n    {body}\n")
    return folder
