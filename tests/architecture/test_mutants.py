"""Every mutant still fits the code that it takes a protection from."""

import subprocess

import pytest

from tests.mutants.__main__ import HERE, PROJECT, killers


@pytest.mark.parametrize("name", killers())
def test_the_patch_applies(name: str) -> None:
    patch = str(HERE / f"{name}.patch")
    done = subprocess.run(["git", "apply", "--check", patch], cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_every_patch_has_its_test_and_every_test_its_patch() -> None:
    assert {file.stem for file in HERE.glob("*.patch")} == set(killers())


def test_there_are_at_least_ten() -> None:
    assert len(killers()) >= 10
