// Small pieces that several views draw: icons, tags, times, keys.
import {html} from '../html.js';
import {due} from '../clock.js';
import {ruleWords, say} from '../words.js';

const PATHS = {
  flag: 'M4 14V2h8l-2 3 2 3H4',
  late: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 3v3.5l2 1.5',
  up: 'm4 10 4-4 4 4',
  first: 'm4 8 4-4 4 4m-8 5 4-4 4 4',
  find: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Zm3.3 7.8L14 14',
  arrow: 'M8 13V3M4 7l4-4 4 4',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  pause: 'M5.5 3.5v9m5-9v9',
};

export const icon = (name) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
export const key = (name, board) => board.settings.keys && html`<kbd aria-hidden="true">${name}</kbd>`;

/** A rule in words; its id and version are there for who looks them up. */
export const rule = (named) => html`<span title=${named}>${ruleWords(named)}</span>`;

/** `Escalated` in words; short on walls. */
export function escalation(row, short) {
  if (!row.level || (short && row.level < 2)) return null;
  const text = say(row.level > 1 ? 'escalated_twice' : 'escalated');
  return html`<span class="tag late">${icon('up')}${short ? html`<span aria-hidden="true">${row.level}</span><span class="sr">${text}</span>` : text}</span>`;
}

/** Both lines of a due time. */
export function dueOf(row, at, wall) {
  const {tone, first, second} = due(row, at, wall);
  return html`<span class=${`due ${tone}`}><b>${tone === 'late' && !wall && icon('late')}${first}</b>${!wall && second && html`<small>${second}</small>`}</span>`;
}

export const initials = (name) => name.split(' ').map((each) => each[0]).slice(0, 2).join('').toUpperCase();

/** What a number of things is called, with the number strong: `3 overdue`. */
export function count(key, number, tone = '') {
  const [before, after] = say(key, {count: '\u0000'}).split('\u0000');
  return html`<span class=${`count ${tone}`}>${before}<b>${number}</b>${after}</span>`;
}
