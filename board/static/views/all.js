// All queues in their fixed places: for people, and as a wall that nobody touches.
import {html} from '../html.js';
import {clockTime, dayText, due, figure, span} from '../clock.js';
import {compare} from '../store.js';
import {say, title, word} from '../words.js';
import {count, dueOf, escalation, icon} from './parts.js';
import {Line} from './top.js';

const PLACES = 3;

export function All({board}) {
  return html`<main id="main" class="all">
    <h1 class="sr" tabindex="-1">${say('all_queues')}</h1>
    <div class="queues" data-list="main">${board.route.queues.map((name) => tile(board, name))}</div>
  </main>`;
}

export function Wall({board}) {
  const all = board.route.queues.map((name) => board.counts(name));
  const sum = (name) => all.reduce((total, each) => total + each[name], 0);
  return html`<main id="main" class="wall">
    <header>
      <h1>${say('product')} <span>${board.frame.clinic.name}</span></h1>
      <p>${[['flag', 'safety', 'late'], ['first', 'first', 'first'], ['late', 'overdue', 'late']].map(([sign, name, tone]) => html`<span class=${tone}>${icon(sign)}${count(name === 'first' ? 'act_first' : name, sum(name), tone)}</span>`)}${count('waiting', sum('waiting'))}</p>
      <${Line} board=${board} /><span class="date">${dayText(board.drawnAt)}</span><time>${clockTime(board.drawnAt)}</time>
    </header>
    ${band(board)}
    <div class="queues">${board.route.queues.map((name) => tile(board, name, true))}</div>
  </main>`;
}

/** Three places of a fixed height: first who has nobody, then by time. */
function band(board) {
  const rows = board.route.queues.flatMap((name) => board.rowsOf(name)).filter((row) => row.group === 'safety');
  const key = (row) => [row.status === 'waiting' ? 0 : 1, (row.status === 'waiting' && row.ack_due_at) || row.due_at || '', row.item_id];
  rows.sort((one, other) => compare(key(one), key(other)));
  const shown = rows.length > PLACES ? rows.slice(0, PLACES - 1) : rows;
  return html`<section class="band" aria-label=${word('groups', 'safety')}>
    ${shown.map((row) => safety(board, row))}
    ${rows.length > PLACES && html`<div class="alarm more">${icon('flag')}${say('and_more', {count: rows.length - shown.length})}</div>`}
    ${!rows.length && html`<p class="calm">${say('empty_safety')}</p>`}
  </section>`;
}

function safety(board, row) {
  const open = row.status === 'waiting';
  const {second} = due(row, board.drawnAt);
  const [number, unit] = figure(row, board.drawnAt);
  return html`<article key=${row.item_id} class=${open ? 'alarm' : 'alarm claimed'}>
    <div><p class="where">${icon('flag')}${word('queues', row.queue)}</p><h2>${title(row, true)}, ${board.label(row)}</h2>
      <p>${second} · ${open ? say('nobody_yet') : say('with', {who: board.who(row.claimed_by)})}</p></div>
    <p class="left"><b>${number}</b>${unit}</p>
  </article>`;
}

function tile(board, name, wall) {
  const found = board.counts(name);
  const ids = (board.places?.[name] ?? []).filter((id) => board.row(id));
  const more = found.waiting - ids.length;
  const none = found.waiting ? 'only_safety' : 'empty'; // what a wall has in its band is not in its tiles
  return html`<section class="panel tile" key=${name} aria-labelledby=${`tile-${name}`}>
    <header><h2 id=${`tile-${name}`}>${wall ? word('queues', name) : html`<a href=${`/board/${name}`}>${word('queues', name)}</a>`}</h2>
      ${found.safety > 0 && html`<span class="pill">${say('safety', {count: found.safety})}</span>`}
      <p>${found.overdue > 0 && count('overdue', found.overdue, 'late')}${count('waiting', found.waiting)}</p></header>
    ${ids.length ? html`<ol>${ids.map((id) => line(board, board.row(id), wall))}</ol>` : html`<p class="empty">${board.state.loaded && say(none)}</p>`}
    <footer><span>${ids.length > 0 && more > 0 && say('more', {count: more})}</span><span>${found.claimed > 0 && say('claimed_count', {count: found.claimed})}${found.claimed > 0 && found.since && ', '}${found.since && say('longest_wait_inline', {time: span(Date.parse(found.since), board.drawnAt)})}</span></footer>
  </section>`;
}

function line(board, row, wall) {
  const id = row.item_id;
  const sign = row.group === 'safety' ? 'flag' : row.overdue ? 'late' : row.group === 'act_first' ? 'first' : null;
  const inside = html`${sign ? icon(sign) : html`<i></i>`}<b>${title(row, true)}</b>${escalation(row, true)}<span class="label">${board.label(row)}</span>${dueOf(row, board.drawnAt, true)}`;
  return html`<li key=${id} class=${`line ${row.group} ${row.overdue ? 'late' : ''}`} data-id=${id}>${wall ? inside
    : html`<a data-row=${id} tabindex=${board.first === id ? 0 : -1} href=${`/board/${row.queue}/${id}`}>${inside}</a>`}</li>`;
}
