"""Anybody's provider signs people in: a real foreign one, through its own page, in a real browser."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from backbone.http.doors import listening, serve
from board.application import build
from board.settings import BoardSettings
from cli.composition import config_dir
from cli.stack.ports import free_ports
from cli.stack.tools import chromium
from tests.foreign import provider
from tests.support.front_door import SECRET, frame_of

pytestmark = pytest.mark.long


@pytest.fixture
def told(tmp_path: Path) -> BoardSettings:
    port, board = free_ports(2)
    subjects = tmp_path / "subjects.toml"
    subjects.write_text(f'[staff]\n"{provider.SUBJECT}" = "nora.quinn"\n')
    return BoardSettings(
        environment="development",
        http_port=board,
        board_url=f"http://localhost:{board}",
        oidc_issuer=f"http://localhost:{port}/",
        oidc_jwks=f"http://localhost:{port}/keys",
        oidc_audience=provider.CLIENT,
        oidc_client_id=provider.CLIENT,
        oidc_client_secret=provider.CLIENT_SECRET,
        oidc_token="id_token",
        oidc_staff=subjects,
        session_secret=SECRET,
        config_dir=config_dir(),
    )


async def sign_in(page: Page, address: str, name: str) -> None:
    """On the provider's own page."""
    await page.goto(address)
    await page.locator("#username").fill(name)
    await page.locator("#password").fill(provider.PASSWORD)
    await page.get_by_role("button", name="Login").click()


async def test_a_foreign_provider_signs_in_whom_the_clinic_means_and_nobody_else(
    told: BoardSettings, tmp_path: Path
) -> None:
    if why := provider.missing():
        pytest.skip(f"The foreign provider can't be had: {why}")
    port = int(told.oidc_issuer.rstrip("/").rpartition(":")[2])
    back = f"{told.board_url}/board/sign-in/callback"
    app, listener = build(told), listening("127.0.0.1", told.http_port)
    serving = asyncio.ensure_future(serve(app, listener))
    with provider.running(port, back, tmp_path) as issuer:
        assert issuer.rstrip("/") == told.oidc_issuer.rstrip("/")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            nora = await browser.new_page()
            await sign_in(nora, f"{told.board_url}/board/nursing", provider.MEANT)
            await nora.wait_for_url("**/board/nursing")
            assert frame_of(await nora.content())["staff"]["name"] == "Nora Quinn"
            [cookie] = [each for each in await nora.context.cookies() if each["name"] == "huddle_board.0"]
            assert (cookie["sameSite"], cookie["httpOnly"]) == ("Strict", True)
            stranger = await (await browser.new_context()).new_page()
            await sign_in(stranger, f"{told.board_url}/board/nursing", provider.STRANGER)
            await stranger.get_by_role("heading", name="You may not use the board").wait_for()
            await nora.goto(f"{told.board_url}/board/sign-out")
            await nora.get_by_role("button", name="Sign out").click()
            await nora.wait_for_url("**/end_session**")  # this provider knows no address to send back to
            await nora.goto(f"{told.board_url}/board/sign-out")
            await nora.get_by_role("heading", name="You are signed out").wait_for()
            await browser.close()
    serving.cancel()
    await asyncio.wait([serving])
    await app.state.passing.client.aclose()
    listener.close()
