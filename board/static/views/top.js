// The bar on top: queues, what waits to move, the line, the time, and the person.
import {html} from '../html.js';
import {clockTime} from '../clock.js';
import {say, word} from '../words.js';
import {icon, initials} from './parts.js';

const SHOWN = 4;

/** The state of the line, always with a word. */
export function Line({board}) {
  const {line, since} = board;
  const text = line === 'lost' ? say('lost', {time: clockTime(since + board.drawnAt - Date.now())}) : say(line);
  return html`<span class=${`line-state ${line}`}><i></i>${text}</span>`;
}

export function Top({board}) {
  const all = board.frame.queues;
  const yours = all.filter((name) => board.frame.staff.disciplines?.includes(name));
  const order = [...new Set([...yours, ...all])];
  const first = order.slice(0, SHOWN);
  const {queue} = board.route;
  if (queue && !first.includes(queue)) first[SHOWN - 1] = queue;
  const rest = order.filter((name) => !first.includes(name));
  const urgent = rest.reduce((sum, name) => sum + board.counts(name).safety, 0);
  return html`<header class="top">
    <a class="skip" href="#main">${say('skip')}</a>
    <a class="brand" href="/board">${say('product')}</a>
    <nav aria-label=${say('queues_label')}>
      <a class="tab" href="/board" aria-current=${board.route.view === 'all' ? 'page' : null}>${say('all_queues')}</a>
      <a class="tab" href="/board/day" aria-current=${board.route.view === 'day' ? 'page' : null}>${say('day')}</a>
      ${first.map((name) => tab(board, name))}
      ${rest.length > 0 && html`<details class="menu"><summary class="tab">${say('more_queues')}${urgent > 0 && html` <span class="pill">${say('safety', {count: urgent})}</span>`}</summary><div>${rest.map((name) => tab(board, name))}</div></details>`}
    </nav>
    <details class="menu phone"><summary><span class="where">${queue ? word('queues', queue) : say({day: 'day', patient: 'patient_page'}[board.route.view] ?? 'all_queues')}</span>${queue && board.counts(queue).overdue > 0 && html` <b class="late">${say('overdue', {count: board.counts(queue).overdue})}</b>`}</summary>
      <div><a class="tab" href="/board">${say('all_queues')}</a><a class="tab" href="/board/day">${say('day')}</a>${order.map((name) => tab(board, name))}<a class="tab" href="/board/waits">${say('waits')}</a></div></details>
    <div class="side">${arrived(board)}${waiting(board)}
      <${Line} board=${board} /><time>${clockTime(board.drawnAt)}</time>
      <button class="face" data-do="settings" aria-label=${`${say('settings')}, ${board.frame.staff.name}`}>${initials(board.frame.staff.name)}</button></div>
  </header>`;
}

function tab(board, name) {
  const {waiting, safety} = board.counts(name);
  return html`<a class="tab" key=${name} href=${`/board/${name}`} aria-current=${board.route.queue === name ? 'page' : null}>${word('queues', name)} <span>${waiting}</span>${safety > 0 && board.route.queue !== name && html` <span class="pill">${say('safety', {count: safety})}</span>`}</a>`;
}

/** A new safety item whose place in the list has to wait. */
function arrived(board) {
  const shown = new Set(Object.values(board.places ?? {}).flat());
  const rows = board.arrived.filter((id) => !shown.has(id)).map((id) => board.state.items.get(id)).filter(Boolean);
  if (!rows.length) return null;
  const [row] = rows;
  return html`<a class="pill loud" href=${`/board/${row.queue}/${row.item_id}`}>${icon('flag')}${say('new_safety', {count: rows.length})}</a>`;
}

function waiting(board) {
  if (board.hand.paused) return html`<button class="changes" data-do="pause">${say('paused', {count: board.changes})} · ${say('go_on')}</button>`;
  if (!board.changes) return null;
  return html`<button class="changes" data-do="apply">${icon('arrow')}${say('show_changes', {count: board.changes})}</button>`;
}
