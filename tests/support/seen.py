"""What a page of a queue shows, read from its DOM in one breath with the place in the changes that it holds."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from playwright.async_api import Page

from backbone.store.live import Cursor, read_cursor

NOTING = """
window.seen = {told: 0, cursor: '', heard: Date.now()};
window.EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    for (const kind of ['reset', 'item', 'gone', 'beat']) this.addEventListener(kind, (event) => {
      seen.told += 1;
      seen.heard = Date.now();
      if (event.lastEventId) seen.cursor = event.lastEventId;
    });
  }
};"""
"""Runs before the page's own scripts: notes what its stream says."""

READ = """async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  const text = (element) => element?.textContent.trim() ?? '';
  const shown = (li, section, said) => ({id: li.dataset.id, section, title: text(li.querySelector('b')), said});
  const tags = (li) => [...li.querySelectorAll('.tag:not(.new)')].map(text).join();
  const who = (li, section) => section === 'others' ? text(li.querySelector('.below')).split(', ')[0] : '';
  for (let told = -1; ; ) {
    if (told === seen.told && seen.cursor) break;
    told = seen.told;
    await frame();
    await frame();
  }
  const waiting = [...document.querySelectorAll('.list .group')].flatMap((group) =>
    [...group.querySelectorAll('.row')].map((li) => shown(li, group.classList[1], tags(li))));
  const apart = ['yours', 'others', 'hold'].flatMap((section) =>
    [...document.querySelectorAll(`aside .${section} .card`)].map((li) => shown(li, section, who(li, section))));
  const {cursor, heard} = seen;
  const line = document.querySelector('.line-state').classList[1];
  return {rows: [...waiting, ...apart], cursor, silent: Date.now() - heard, line};
}"""
"""Waits until two frames pass in which the stream says nothing: then all that it said is drawn."""


class Shown(NamedTuple):
    """A row as it stands there: in which section, its title, and that it was escalated or who has it."""

    id: str
    section: str
    title: str
    said: str


class Seen(NamedTuple):
    """`rows` in the order of the page; `silent` is for how many seconds nothing was heard."""

    rows: tuple[Shown, ...]
    cursor: Cursor
    silent: float
    line: str


async def look(page: Page) -> Seen:
    """At the page of a queue without an item."""
    found: Mapping[str, Any] = await page.evaluate(READ)
    cursor = read_cursor(found["cursor"].rpartition(".")[2])
    assert cursor is not None
    rows = tuple(Shown(**row) for row in found["rows"])
    return Seen(rows, cursor, found["silent"] / 1000, found["line"])
