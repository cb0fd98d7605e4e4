// Focus survives whatever is drawn: it stays on its row, at its place on the screen, or goes to the next one.

const ROWS = '[data-list] [data-row]';

export const rowOf = (element) => element?.closest?.('[data-id]')?.dataset.id ?? null;
const rowWith = (id, within = '') => document.querySelector(`${within} [data-row="${id}"]`);

/** Where the focus is, and which rows follow; with a dialog open, where the row is that it asks about. */
export function focusBefore(pin) {
  const active = document.activeElement;
  const asking = active.closest('dialog') && pin && rowWith(pin, '[data-list]');
  const element = asking || active;
  const id = rowOf(element);
  if (!id || !element.closest('[data-list]')) return null;
  const all = [...document.querySelectorAll(ROWS)].map((each) => each.dataset.row);
  const main = element.closest('[data-list=main]') ? '[data-list=main]' : '[data-list=apart]';
  return {element, asking, id, main, top: element.getBoundingClientRect().top, next: all.slice(all.indexOf(id) + 1)};
}

/** @param {ReturnType<typeof focusBefore>} before */
export function focusAfter(before) {
  if (!before) return;
  const {element, asking, id, main, top, next} = before;
  if (document.contains(element) && !element.disabled) {
    const gone = element.getBoundingClientRect().top - top;
    if (Math.abs(gone) > 1) scrollBy(0, gone);
    if (!asking && document.activeElement !== element) element.focus({preventScroll: true});
    return;
  }
  if (asking) return;
  const same = rowWith(id, main);
  const following = next.map((each) => rowWith(each, main)).find(Boolean);
  (same ?? following ?? document.querySelector('h1'))?.focus();
}

/** The row before or after the one with focus; from elsewhere, the one that Tab reaches. @param {number} by */
export function step(by) {
  const all = [...document.querySelectorAll(ROWS)].filter((each) => each.checkVisibility());
  const at = all.findIndex((each) => each.dataset.row === rowOf(document.activeElement));
  const found = at < 0 ? all.find((each) => each.tabIndex === 0) ?? all[0] : all[Math.min(all.length - 1, Math.max(0, at + by))];
  found?.focus();
  found?.scrollIntoView({block: 'nearest'});
}
