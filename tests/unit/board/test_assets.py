"""The files of the browser: small where they are written, smaller where they are sent; what others wrote as it came."""

import pytest

from board.assets import STATIC, read_assets, sent

OWN = [path for path in sorted(STATIC.rglob("*.js")) if path.parent.name != "vendor"]
MOST_LINES = 250


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_a_script_has_one_subject_that_can_be_read_at_once(path):
    lines = path.read_text().splitlines()
    assert lines[0].startswith("// ") and len(lines) <= MOST_LINES


def test_comments_stay_here_and_what_is_said_goes_out(tmp_path):
    script = tmp_path / "a.js"
    script.write_text(
        "// why\n\n/**\n * @param {string} x\n */\nexport const f = (x) => { // kept\n"
        "  // not kept\n  /** nor this */\n  return html`<a href='https://x'> // ${x * 2 /* so */}</a>`;\n};\n"
    )
    assert sent(script).decode() == (
        "\nexport const f = (x) => { // kept\nreturn html`<a href='https://x'> // ${x * 2 /* so */}</a>`;\n};\n"
    )


def test_vendored_files_go_out_as_they_came():
    for path in (STATIC / "vendor").iterdir():
        assert read_assets().files[f"vendor/{path.name}"] == path.read_bytes()
