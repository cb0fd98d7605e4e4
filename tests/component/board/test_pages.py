"""What browsers are told with each page, and what they may keep."""

import httpx
import pytest

from backbone.errors import UnusableSettings
from backbone.told import read
from board.assets import FOREVER, read_assets
from board.pages import in_script
from board.settings import BoardSettings
from schemas.topics import QUEUES
from tests.support.front_door import SECRET, FrontDoor, frame_of

PATHS = ("/board/sign-out", "/board/session", "/healthz", "/api/worklist/queues", "/board/nothing-of-ours")


def directives(answer: httpx.Response) -> dict[str, list[str]]:
    policy = answer.headers["content-security-policy"].split("; ")
    return {name: values for name, *values in (each.split() for each in policy)}


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_lets_nothing_but_our_own_run(door: FrontDoor, path: str):
    policy = directives(await door.http.get(path))
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {
        value for each in policy.values() for value in each
    }


@pytest.mark.parametrize("path", PATHS)
async def test_no_page_can_be_put_into_a_frame(door: FrontDoor, path: str):
    answer = await door.http.get(path)
    assert directives(answer)["frame-ancestors"] == ["'none'"]
    assert answer.headers["x-frame-options"] == "DENY"


async def test_forms_go_to_us_and_to_the_provider(door: FrontDoor):
    await door.http.get("/board/sign-in")
    known = door.app.state.provider.known
    provider = known.authorization_endpoint.removesuffix("/authorize")
    assert directives(await door.http.get("/healthz"))["form-action"] == ["'self'", provider]


async def test_what_says_nothing_of_being_kept_is_not_kept_and_not_guessed(door: FrontDoor):
    answer = await door.http.get("/board/sign-out")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_the_frame_tells_who_must_say_what_they_read_for(door: FrontDoor):
    await door.sign_in("mina.cho")
    assert frame_of((await door.http.get("/board")).text)["must_say"] == ["coordination"]


async def test_what_somebody_typed_is_kept_under_a_key_of_their_own_at_every_sign_in(door: FrontDoor):
    async def keys(login: str) -> list[str]:
        door.http.cookies.clear()
        await door.sign_in(login)
        return (await door.http.get("/board/session")).json()["draft_keys"]

    nora, mina, again = await keys("nora.quinn"), await keys("mina.cho"), await keys("nora.quinn")
    assert nora == again
    assert len({*nora, *mina}) == 2


async def test_the_frame_has_no_script_or_style_of_its_own(door: FrontDoor):
    await door.sign_in()
    page = (await door.http.get("/board")).text
    assert "<style" not in page
    assert 'style="' not in page
    assert page.count("<script") == 2
    assert frame_of(page)["assets"] in page


async def test_without_scripts_the_frame_leads_to_the_plain_table_of_each_queue(door: FrontDoor):
    await door.sign_in()
    page = (await door.http.get("/board")).text
    plain = page[page.index("<noscript>") : page.index("</noscript>")]
    assert [f'href="/board/{queue}/print"' in plain for queue in QUEUES] == [True] * len(QUEUES)


async def test_files_are_kept_for_ever_under_the_hash_of_them_all(door: FrontDoor):
    assets = read_assets()
    answer = await door.http.get(f"/board/static/{assets.hash}/api.js")
    assert (answer.status_code, answer.content) == (200, assets.files["api.js"])
    assert answer.headers["cache-control"] == FOREVER
    assert answer.headers["content-type"].startswith("text/javascript")
    assert (await door.http.get("/board/static/0123456789abcdef/api.js")).status_code == 404
    assert (await door.http.get(f"/board/static/{assets.hash}/../settings.py")).status_code == 404
    status, _ = await door.raw(f"GET /board/static/{assets.hash}/%2e%2e/settings.py HTTP/1.1\r\nHost: x")
    assert status == 404


def test_the_hash_changes_with_a_name_and_with_a_content(tmp_path):
    file = tmp_path / "a.js"
    file.write_text("1")
    first = read_assets(tmp_path).hash
    file.write_text("2")
    second = read_assets(tmp_path).hash
    file.rename(tmp_path / "b.js")
    assert len({first, second, read_assets(tmp_path).hash}) == 3


def test_nothing_in_the_block_ends_its_element():
    assert "</script>" not in in_script({"name": "</script><script>alert(1)</script>"})


@pytest.mark.parametrize("path", ["/board/nothing-of-ours", "/board/nothing/of-ours"])
async def test_a_page_that_is_none_says_so(door: FrontDoor, path: str):
    answer = await door.http.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"board_url": "http://board.example"}, "https"),
        (
            {"board_url": "https://board.example", "oidc_issuer": "urn:huddle-development"},
            "development issuer",
        ),
        ({"board_url": "https://board.example/board"}, "BOARD_URL"),
        ({"board_url": "https://board.example", "session_secret": "short"}, "SESSION_SECRET"),
        ({"board_url": "https://board.example", "services": {"postgres": "http://x"}}, "no service of ours"),
        ({"board_url": "https://board.example", "clock": "simulated"}, "simulated"),
    ],
)
def test_production_refuses_what_is_not_safe(told, says):
    good = {
        "oidc_issuer": "https://login.example",
        "oidc_jwks": "https://login.example/k",
        "session_secret": SECRET,
    }
    with pytest.raises(UnusableSettings, match=says):
        read(BoardSettings, **good | told)


@pytest.mark.parametrize("query", ["days=-1", "days=99999999999999999999", "days=x", "urgency=%0a"])
async def test_a_window_that_is_none_is_said_to_be_none(door: FrontDoor, query: str):
    await door.sign_in()
    answer = await door.http.get(f"/board/waits?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:huddle:problem:invalid-request")


async def test_no_host_that_a_browser_names_is_where_an_address_leads(door: FrontDoor):
    await door.sign_in()
    for path in ("/board/nursing/", "/board/waits/", "/api"):
        answer = await door.http.get(path, headers={"host": "evil.example"})
        assert (answer.status_code, answer.headers.get("location")) == (404, None)
