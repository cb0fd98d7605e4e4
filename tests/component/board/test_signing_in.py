"""Signing in and out: who one is, how long, and what nobody can make a browser do."""

import asyncio

import httpx
import pytest

from board.presence import LEEWAY_SECONDS
from board.sign_in import own_path
from cli.people import members
from cli.provider import TOKEN_SECONDS
from tests.support.front_door import CORA, NORA, FrontDoor, flags_of, frame_of, front_door

MINUTE = 60


async def test_whoever_is_not_signed_in_goes_to_the_provider_and_comes_back_to_the_page(door: FrontDoor):
    came = await door.sign_in(NORA, "/board/nursing?wall=1")
    assert came.status_code == 200
    assert 'content="0;url=/board/nursing?wall=1"' in came.text
    page = await door.http.get("/board/nursing?wall=1")
    frame = frame_of(page.text)
    assert frame["staff"]["name"] == "Nora Quinn"
    assert (frame["staff"]["roles"], frame["staff"]["disciplines"]) == (
        ["triage_nurse", "nurse"],
        ["nursing"],
    )
    assert {
        "csrf",
        "clinic",
        "now",
        "assets",
        "services",
        "people",
        "words",
        "work",
        "queues",
        "calendar",
    } <= set(frame)


async def test_what_services_are_shown_is_the_persons_own_token(door: FrontDoor):
    await door.sign_in(NORA)
    await door.http.get("/api/worklist/queues")
    [asked] = door.behind.asked
    bearer = asked.headers["authorization"].removeprefix("Bearer ")
    assert door.issuer.read(bearer, audience="huddle")["name"] == "Nora Quinn"
    assert "cookie" not in asked.headers


async def test_the_session_is_a_cookie_that_no_script_reads_and_no_other_site_sends(door: FrontDoor):
    begun = await door.http.get("/board/sign-in")
    [(attempt, flags)] = flags_of(begun).items()
    assert attempt.startswith("huddle_sign_in_")
    assert flags == {"Path=/board/sign-in", "HttpOnly", "SameSite=Lax", "Max-Age=600"}
    came = await door.choose(begun.headers["location"], NORA, door.http)
    cookies = flags_of(came)
    assert cookies["huddle_board.0"] == {"Path=/", "HttpOnly", "SameSite=Strict"}
    assert "Max-Age=0" in cookies[attempt]
    assert "Quinn" not in came.headers["set-cookie"]


async def test_behind_https_the_cookie_goes_by_https_only_and_is_bound_to_the_host(tmp_path):
    async with front_door(tmp_path, board_url="https://board.example") as door:
        begun = await door.http.get("/board/sign-in")
        assert all("Secure" in flags for flags in flags_of(begun).values())
        assert begun.headers["strict-transport-security"]
        assert door.app.state.signing_in.sessions.name == "__Host-huddle_board"


async def test_a_session_fixed_before_is_not_the_one_that_begins(door: FrontDoor):
    await door.sign_in(NORA)
    planted, before = dict(door.http.cookies), await door.proof()
    async with door.browser() as victim:
        victim.cookies.update(planted)
        begun = await victim.get("/board/sign-in", params={"next": "/board/medical"})
        assert begun.headers["location"] == "/board/medical"
    await door.http.post("/board/sign-out", data={"csrf": before["x-huddle-csrf"]})
    async with door.browser() as victim:
        victim.cookies.update(planted)
        await door.sign_in(CORA, http=victim)
        assert await door.proof(victim) != before
    async with door.browser() as attacker:
        attacker.cookies.update(planted)
        assert (await attacker.get("/board/session")).status_code == 401


async def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(door: FrontDoor):
    begun = await door.http.get("/board/sign-in")
    async with door.browser() as stranger:
        came = await door.choose(begun.headers["location"], NORA, stranger)
        assert came.status_code == 400
        assert (await stranger.get("/board/session")).status_code == 401


async def test_an_answer_counts_once(door: FrontDoor):
    begun = await door.http.get("/board/sign-in")
    kept = dict(door.http.cookies)
    there = begun.headers["location"]
    async with door.browser() as again:
        assert (await door.choose(there, NORA, door.http)).status_code == 200
        again.cookies.update(kept)
        state = httpx.URL(there).params["state"]
        replay = await again.get("/board/sign-in/callback", params={"state": state, "code": "old"})
        assert replay.status_code == 400


async def test_several_tabs_sign_in_at_once(door: FrontDoor):
    first, second = [
        await door.http.get(f"/board/sign-in?next=/board/{queue}") for queue in ("nursing", "medical")
    ]
    one = await door.choose(first.headers["location"], NORA, door.http)
    two = await door.choose(second.headers["location"], NORA, door.http)
    assert "url=/board/nursing" in one.text
    assert "url=/board/medical" in two.text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/board",
        "//evil.example",
        "/\\evil.example",
        "/board/..//evil.example",
        "/board\r\nx: y",
        "javascript:alert(1)",
        "/api/worklist/queues",
        "/board/sign-out",
        '/board"><script>',
        None,
    ],
)
async def test_one_comes_back_to_pages_of_the_board_only(door: FrontDoor, wanted: str | None):
    assert own_path(wanted) == "/board"
    begun = await door.http.get("/board/sign-in", params={"next": wanted} if wanted else {})
    came = await door.choose(begun.headers["location"], NORA, door.http)
    assert 'content="0;url=/board"' in came.text


async def test_a_session_ends_when_nobody_was_there_for_long_whatever_the_page_asked_by_itself(
    door: FrontDoor,
):
    await door.sign_in()
    door.later = 55 * MINUTE
    assert (await door.http.get("/api/worklist/queues")).status_code == 200
    door.later = 61 * MINUTE
    assert (await door.http.get("/api/worklist/queues")).status_code == 401


async def test_whoever_is_there_stays_signed_in_until_the_absolute_end(door: FrontDoor):
    await door.sign_in()
    for hour in range(12):
        door.later = hour * 59 * MINUTE
        assert (await door.http.get("/board/session")).status_code == 200
    door.later = 12 * 60 * MINUTE
    assert (await door.http.get("/board/session")).status_code == 401


async def test_a_session_that_ended_in_mid_form_is_a_problem_that_says_so(door: FrontDoor):
    await door.sign_in()
    proof = await door.proof()
    door.later = 61 * MINUTE
    answer = await door.http.post("/api/worklist/items/1/claim", json={}, headers=proof)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:huddle:problem:signed-out"
    assert door.behind.asked == []


async def test_tokens_are_renewed_before_they_end_once_for_all_that_ask(door: FrontDoor):
    await door.sign_in()
    door.later = TOKEN_SECONDS - LEEWAY_SECONDS + 1
    answers = await asyncio.gather(*(door.http.get("/api/worklist/queues") for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert len({asked.headers["authorization"] for asked in door.behind.asked}) == 1
    assert any("set-cookie" in answer.headers for answer in answers)


async def test_a_cookie_that_somebody_changed_signs_nobody_in(door: FrontDoor):
    await door.sign_in()
    sealed = door.http.cookies["huddle_board.0"]
    async with door.browser() as other:
        middle = len(sealed) // 2
        changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
        other.cookies.set("huddle_board.0", changed)
        assert (await other.get("/board/session")).status_code == 401


async def test_a_cookie_of_an_attempt_is_no_session(door: FrontDoor):
    begun = await door.http.get("/board/sign-in")
    [sealed] = begun.cookies.values()
    async with door.browser() as other:
        other.cookies.set("huddle_board.0", sealed)
        assert (await other.get("/board/session")).status_code == 401


async def test_signing_out_ends_the_session_here_and_at_the_provider_and_for_copies_of_the_cookie(
    door: FrontDoor,
):
    await door.sign_in()
    copy = dict(door.http.cookies)
    page = await door.http.get("/board/sign-out")
    assert "Nora Quinn" in page.text
    proof = (await door.proof())["x-huddle-csrf"]
    out = await door.http.post("/board/sign-out", data={"csrf": proof})
    assert out.status_code == 303
    assert "/end-session?" in out.headers["location"]
    back = (await door.http.get(out.headers["location"])).headers["location"]
    assert back == f"{door.url}/board/sign-out"
    assert "You are signed out" in (await door.http.get(back)).text
    async with door.browser() as thief:
        thief.cookies.update(copy)
        assert (await thief.get("/board/session")).status_code == 401


async def test_a_copy_of_the_cookie_gets_no_new_token_in_another_process_either(door: FrontDoor):
    await door.sign_in()
    copy = dict(door.http.cookies)
    proof = (await door.proof())["x-huddle-csrf"]
    await door.http.post("/board/sign-out", data={"csrf": proof})
    door.app.state.signing_in.sessions._ended.clear()  # as another process, or this one after a restart
    async with door.browser() as thief:
        thief.cookies.update(copy)
        assert (await thief.get("/board/session")).status_code == 200  # until its token ends
        door.later = TOKEN_SECONDS
        assert (await thief.get("/board/session")).status_code == 401


async def test_nobody_is_signed_out_by_another_site(door: FrontDoor):
    await door.sign_in()
    assert (await door.http.post("/board/sign-out", data={"csrf": "guessed"})).status_code == 403
    assert (await door.http.get("/board/session")).status_code == 200


async def test_whom_the_directory_does_not_name_has_no_right(tmp_path):
    subjects = tmp_path / "subjects.toml"
    [nora] = [member.id for member in members() if member.login == NORA]
    subjects.write_text(f'[staff]\n"{nora}" = "{CORA}"\n')
    async with front_door(tmp_path, oidc_staff=subjects) as door:
        await door.sign_in(NORA)
        assert frame_of((await door.http.get("/board")).text)["staff"]["name"] == "Cora Lind"
        async with door.browser() as other:
            refused = await door.sign_in(CORA, http=other)
            assert refused.status_code == 403
            assert (await other.get("/board/session")).status_code == 401


async def test_a_link_from_another_site_opens_the_page_and_not_the_provider(door: FrontDoor):
    hop = await door.http.get("/board/nursing", headers={"sec-fetch-site": "cross-site"})
    assert (hop.status_code, "0;url=/board/nursing" in hop.text) == (200, True)


async def test_a_provider_that_is_away_is_a_page_that_says_so(tmp_path):
    async with front_door(tmp_path, oidc_metadata="http://127.0.0.1:9/x") as door:
        answer = await door.http.get("/board/sign-in", headers={"accept": "text/html"})
        assert answer.status_code == 503
        assert "Nobody can be signed in now" in answer.text
        assert (await door.http.get("/readyz")).status_code == 503
        assert (await door.http.get("/healthz")).status_code == 200
