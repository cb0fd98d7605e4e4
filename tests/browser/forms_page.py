"""A page with one form at a time, in Chromium, over the files of `board/static` and documents and answers of a test."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

STATIC = Path(__file__).parents[2] / "board" / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
SITE = "http://localhost"
"""Secure, as browsers see it: keys of requests are random ids."""
Answer = tuple[int, Any]
Answers = Callable[[str, str, Any], Answer]
"""What a service answers: method, path with the service before it, what was sent."""
PAGE = """<!doctype html><html lang="en"><head><title>Forms</title>
<link rel="stylesheet" href="/board/static/css/tokens.css"><link rel="stylesheet" href="/board/static/css/board.css">
<link rel="stylesheet" href="/board/static/css/forms.css">
<link rel="stylesheet" href="/board/static/css/patient.css">
</head><body><main><h1>Forms</h1><div id="app"></div></main>
<script type="application/json" id="frame">FRAME</script>
<script type="module">
import {html, render} from '/board/static/html.js';
import * as schema from '/board/static/forms/schema.js';
import * as moments from '/board/static/forms/moments.js';
import {drop, keep} from '/board/static/forms/draft.js';
import {Form} from '/board/static/forms/form.js';
import {Commands, Work} from '/board/static/views/work.js';
import {use} from '/board/static/words.js';
const frame = JSON.parse(document.getElementById('frame').textContent);
use(frame.words);
const app = document.getElementById('app');
Object.assign(window, {
  schema, moments, frame,
  draw(operation, parts, value, given = {}, choices = () => null) {
    drop('draft');
    render(null, app);
    if (value !== undefined) keep('draft', {value});
    Object.assign(window, {sent: [], shut: false});
    const send = (body) => { window.sent.push(body); return Promise.resolve({ok: true, status: 200}); };
    render(html`<${Form} id="f" operation=${operation} parts=${parts} given=${given} frame=${frame} draft="draft"
      label="Send"
      choices=${choices} keys=${() => null} send=${send} done=${() => {}}
      close=${() => { window.shut = true; }} />`, app);
  },
  draw_commands(commands, known) {
    render(null, app);
    const subject = crypto.randomUUID();
    render(html`<${Commands} frame=${frame} commands=${commands} known=${known} subject=${subject} />`, app);
  },
  work(item) { render(null, app); render(html`<${Work} item=${item} frame=${frame} />`, app); },
  next: () => new Promise((done) => setTimeout(done)),
});
window.ready = true;
</script></body></html>"""


def nobody(method: str, path: str, body: Any) -> Answer:
    return 404, {"title": "Not found", "detail": f"Nothing at {path}"}


def files(name: str) -> bytes | None:
    file = STATIC / name
    return file.read_bytes() if file.is_file() else b"" if name.endswith(".css") else None


class FormsPage:
    """`told`: every request to a service, with its headers."""

    def __init__(
        self, page: Page, frame: Mapping[str, Any], answers: Answers, published: Mapping[str, Any]
    ) -> None:
        self.page, self.answers, self.published = page, answers, published
        self.told: list[tuple[str, str, Any, Mapping[str, str]]] = []
        self.wrong: list[str] = []
        self._frame = json.dumps(frame).replace("<", "\\u003c")
        page.on("pageerror", lambda error: self.wrong.append(f"{error} {error.stack}"))
        page.route("**/*", self._serve)
        self.open()

    def open(self) -> None:
        self.page.goto(f"{SITE}/board")
        self.page.wait_for_function("window.ready")

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE).partition("?")[0]
        if path == "/board":
            return route.fulfill(body=PAGE.replace("FRAME", self._frame), content_type="text/html")
        if path.startswith("/board/static/"):
            content = files(path.removeprefix("/board/static/"))
            kind = TYPES.get(Path(path).suffix, "text/plain")
            return (
                route.fulfill(body=content, content_type=kind)
                if content is not None
                else route.fulfill(status=404)
            )
        if path in self.published:
            return route.fulfill(json=self.published[path])
        return self._answer(route)

    def _answer(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(f"{SITE}/api/")
        sent = request.post_data_json if request.post_data else None
        self.told.append((request.method, path, sent, request.headers))
        status, body = self.answers(request.method, path, sent)
        kind = "application/json" if status < 400 else "application/problem+json"
        route.fulfill(status=status, body=json.dumps(body), content_type=kind, headers={"ETag": '"3"'})
