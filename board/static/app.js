// Starts the page: reads the frame, wires hands and keys, and hands everything to the board.
import {Board} from './board.js';
import {hear, useZone} from './clock.js';
import {commands} from './commands.js';
import {rowOf, step} from './focus.js';
import {html, render, Component} from './html.js';
import {wish} from './keys.js';
import {Failed, late} from './late.js';
import {addressOf, route} from './router.js';
import {theme} from './settings.js';
import {GROUPS, APART} from './store.js';
import {say, use, word} from './words.js';
import {All, Wall} from './views/all.js';
import {Queue} from './views/queue.js';
import {Top} from './views/top.js';

const frame = JSON.parse(document.getElementById('frame').textContent);
use(frame.words);
useZone(frame.clinic.time_zone);
hear(frame.now);
const board = new Board(frame, paint);
board.commands = commands(board);
board.onTick = () => board.commands.warnIdle();
theme(board.settings.theme);

/** A part that fails says so, and the rest works on. */
class Safe extends Component {
  componentDidCatch(error) {
    console.error(error);
    this.failed = this.props.of;
    this.forceUpdate();
  }

  render({children, of}) {
    return this.failed === of ? html`<${Failed} />` : children;
  }
}

function paint() {
  board.first = rovingStop();
  render(html`<${Page} />`, document.getElementById('app'));
}

/** The one row that Tab reaches: the current one, else the first. */
function rovingStop() {
  const ids = [...GROUPS, ...APART, ...board.route?.queues ?? []].flatMap((name) => board.places?.[name] ?? []).filter((id) => board.row(id));
  return ids.includes(board.current) ? board.current : ids[0];
}

function Page() {
  if (!board.route) return html`<main id="main"><h1 class="note">${say('no_page')}</h1><p class="note"><a href="/board">${say('all_queues')}</a></p></main>`;
  const wall = board.route.wall && board.route.view === 'all';
  document.documentElement.classList.toggle('on-wall', wall);
  document.documentElement.classList.toggle('stale', board.line === 'lost');
  return html`<div class="page" inert=${board.covered}>
    ${!wall && html`<${Top} board=${board} />`}
    <${Safe} of=${location.pathname}>${board.refused ? html`<main id="main"><h1 class="sr">${board.route.queue ? word('queues', board.route.queue) : say('all_queues')}</h1><p class="note">${say('no_queue')}</p></main>` : view(wall)}<//>
  </div>
  <div role="status" class="sr">${board.live?.polite}</div><div role="alert" class="sr">${board.live?.alert}</div>
  <section class="toasts" aria-label=${say('notices')} onPointerEnter=${() => hover(Infinity)} onPointerLeave=${() => hover(Date.now() + 3000)}>${notices()}</section>
  ${board.dialog && part('Dialog', {key: board.dialog.kind})}
  ${board.covered && html`<div class="cover" role="dialog" aria-modal="true" aria-labelledby="covered"><p id="covered">${say('covered', {count: 15})}</p><button data-do="uncover">${say('uncover')}</button></div>`}`;
}

function view(wall) {
  if (wall) return html`<${Wall} board=${board} />`;
  if (board.route.view === 'patient') return part('PatientPage', {key: board.route.patient, id: board.route.patient, frame});
  if (board.route.view === 'day') return part('DayPage', {on: board.route.on, frame});
  return board.route.view === 'queue' ? html`<${Queue} board=${board} />` : html`<${All} board=${board} />`;
}

/** One that is fetched when it is first wanted. */
function part(name, given) {
  const Part = late(name, board);
  return Part && html`<${Part} ...${given} board=${board} />`;
}

function hover(until) {
  for (const toast of board.toasts) if (!toast.keep && !toast.stays) toast.until = until;
}

function notices() {
  return html`${board.signedOut && html`<div class="toast bad"><p>${say('signed_out')}</p><a class="button" href="/board/sign-in" target="_blank">${say('sign_in')}</a></div>`}
  ${board.newer && html`<div class="toast"><p>${say('new_version')}</p><button onClick=${() => location.reload()}>${say('reload')}</button></div>`}
  ${board.toasts.map((toast) => html`<div class=${toast.bad ? 'toast bad' : 'toast'} key=${toast.id}><p>${toast.text}</p>
    ${toast.undo && html`<button onClick=${() => board.commands.undo(toast.undo)}>${say('undo')}${board.settings.keys && html`<kbd>Z</kbd>`}</button>`}
    ${toast.keep && html`<button onClick=${() => board.commands.keep(toast.keep)}>${say('keep')}</button>`}
    ${toast.again && html`<button onClick=${() => { drop(toast); toast.again(); }}>${say('try_again')}</button>`}
    ${toast.show && html`<button onClick=${() => { drop(toast); board.go(addressOf(toast.show.queue, toast.show.item_id, location.search)); }}>${say('show')}</button>`}</div>`)}`;
}

const drop = (toast) => { board.toasts = board.toasts.filter((each) => each !== toast); };

// --- hands and keys ---

const DO = {
  apply: () => board.release(),
  pause: () => board.pause(),
  settings: () => open('settings'),
  keys: () => open('keys'),
  uncover: () => { board.covered = false; board.draw(); },
  find: () => document.querySelector('.find input')?.focus(),
  down: () => step(1),
  up: () => step(-1),
  next: () => queueBeside(1),
  previous: () => queueBeside(-1),
  close: () => {
    document.querySelectorAll('details[open]').forEach((each) => { each.open = false; });
    if (board.route.item) board.go(addressOf(board.route.queue, null, location.search));
  },
  name: (row) => board.commands.name(row),
  hold: (row) => board.commands.ask('hold', row),
  transfer: (row) => board.commands.ask('transfer', row),
  undo: (row) => (row ? board.commands.undo(row.item_id) : board.commands.undoLast()),
  claim: (row) => board.commands.run('claim', row),
  release: (row) => board.commands.run('release', row),
  resume: (row) => board.commands.run('resume', row),
};
const ON_ROW = new Set(['name', 'hold', 'transfer', 'claim', 'release', 'resume']);

function open(kind) {
  board.dialog = {kind};
  board.draw();
}

function queueBeside(by) {
  const all = frame.queues;
  const at = all.indexOf(board.route.queue);
  board.go(addressOf(all[(at + by + all.length) % all.length]));
}

function perform(name, element) {
  const row = board.row(rowOf(element)) ?? (board.route.item && board.row(board.route.item));
  if (ON_ROW.has(name) && !row) return;
  DO[name](ON_ROW.has(name) || (name === 'undo' && element.closest('[data-item]')) ? row : null);
}

function clicked(event) {
  const button = event.target.closest('[data-do]');
  if (button) return perform(button.dataset.do, button);
  const link = event.target.closest('a[href]');
  if (!link || link.target || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || link.hash) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || !route(address, frame.queues)) return;
  event.preventDefault();
  document.querySelectorAll('details[open]').forEach((each) => { each.open = false; });
  const inside = board.route.queue && route(address, frame.queues).queue === board.route.queue;
  board.go(address.pathname + (address.search || (inside ? location.search : '')));
}

function pressed(event) {
  const name = wish(event, {single: board.settings.keys, dialog: Boolean(board.dialog)});
  if (!name || (name === 'close' && board.dialog)) return;
  event.preventDefault();
  perform(name, event.target);
}

function focused() {
  const element = document.activeElement;
  board.hand.focused = Boolean(element?.closest?.('[data-list]'));
  const id = board.hand.focused && rowOf(element);
  if (id && id !== board.current) {
    board.current = id;
    board.draw();
  }
}

for (const kind of ['pointermove', 'pointerdown', 'keydown', 'wheel', 'click']) {
  addEventListener(kind, (event) => board.touched(event), {capture: true, passive: kind !== 'click'});
}
document.addEventListener('click', clicked);
document.addEventListener('keydown', pressed);
document.addEventListener('focusin', focused);
document.addEventListener('focusout', () => setTimeout(focused));
addEventListener('popstate', () => board.moved());
for (const [name, out] of [['huddle:signed-out', true], ['huddle:signed-in', false]]) addEventListener(name, () => { board.signedOut = out; board.draw(); });
board.start();
