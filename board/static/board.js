// The page's memory: it takes messages, decides once a frame what may show, and draws. Views only read it.
import {get, listOf, renew} from './api.js';
import {Announcer} from './announce.js';
import * as clock from './clock.js';
import {held, settle, GUARD_MS} from './hold.js';
import {focusAfter, focusBefore} from './focus.js';
import {heed} from './heed.js';
import {Labels} from './labels.js';
import {placesKey, placesOf} from './places.js';
import {filtered, route} from './router.js';
import {Fresh} from './patient/fresh.js';
import {keep, stored, theme} from './settings.js';
import {apply, calm, counts, EMPTY} from './store.js';
import {Stream} from './stream.js';
import {say} from './words.js';

const FRESH_MS = 6000;
const TICK_MS = 15000;
const NAMES_MS = 5 * 60000;
const COVER_MS = 15 * 60000;

export class Board {
  /** @param {object} frame @param {(board: Board) => void} paint */
  constructor(frame, paint) {
    Object.assign(this, {
      frame, paint, me: frame.staff.id, state: EMPTY, pending: [], places: null, changes: 0, own: new Set(),
      line: 'opening', since: Date.now(), rights: {}, names: new Map(), busy: new Map(),
      toasts: [], dialog: null, current: null, tab: 'waiting', opened: null, warned: new Set(), said: {},
      movedAt: 0, drawnAt: 0, startedAt: Date.now(), arrived: [],
      hand: {paused: false, dialog: false, focused: false, pointerAt: -Infinity, inputAt: Date.now()},
      settings: stored(), labels: new Labels(() => this.draw()),
    });
    this.route = route(location, frame.queues);
    this.fresh = new Fresh();
    this.announcer = new Announcer({
      polite: (text) => this.tell({polite: text}), alert: (text) => this.tell({alert: text}),
    }, () => this.settings.announce);
    this.stream = new Stream(
      (after) => `/api/worklist/stream?queues=${this.frame.queues}${after && `&after=${encodeURIComponent(after)}`}`,
      {take: (message) => this.take(message), line: (line, since) => this.lineIs(line, since)},
    );
  }

  start() {
    this.stream.start();
    this.readRights();
    setInterval(() => this.tick(), 1000);
    this.draw();
  }

  take(message) {
    if (message.now) clock.hear(message.now);
    if (message.assets && message.assets !== this.frame.assets) this.outdated();
    this.pending.push(message);
    this.draw();
  }

  lineIs(line, since) {
    const back = line === 'live' && ['reconnecting', 'lost'].includes(this.line);
    Object.assign(this, {line, since});
    if (back) {
      this.readRights();
      renew().then(({body}) => body?.assets && body.assets !== this.frame.assets && this.outdated());
    } else if (line === 'reconnecting') get('worklist', '/queues'); // says it if the session has ended
    this.draw();
  }

  outdated() {
    if (this.route?.wall) location.reload();
    else this.newer = true;
    this.draw();
  }

  async readRights() {
    const answer = await get('worklist', '/queues');
    const rights = listOf(answer, 'queues').map((each) => [each.queue, each]);
    if (rights.length) this.rights = Object.fromEntries(rights);
    this.refused = answer.status === 403;
    this.unread = !rights.length && !this.refused;
    this.draw();
  }

  /** May this person do it in this queue? Until the server has said so, no. */
  may(action, queue, group) {
    const can = this.rights[queue]?.can ?? [];
    return this.line !== 'lost' && (can.includes(action) || (group === 'safety' && can.includes(`${action}_safety`)));
  }

  /** One draw a frame. Hidden tabs have no frames. */
  draw() {
    if (this.drawing) return;
    this.drawing = true;
    const go = () => {
      this.drawing = false;
      this.frameNow();
    };
    if (document.hidden) setTimeout(go, 250); else requestAnimationFrame(go);
  }

  frameNow() {
    const at = Date.now();
    const before = this.state;
    this.state = calm(apply(before, this.pending.splice(0), at), at - FRESH_MS);
    if (this.state.items !== before.items) heed(this, before);
    const hand = {...this.hand, dialog: Boolean(this.dialog)};
    const pin = this.dialog?.row?.item_id ?? (hand.focused ? this.current : null);
    const found = settle(this.state.loaded ? this.places : null, this.target(), {held: held(hand, at), own: this.own, pin});
    const {patient} = this.route ?? {};
    this.changes = patient ? this.fresh.changes(patient, this.state, at) : this.route?.view === 'day' ? 0 : found.waiting;
    const focus = focusBefore(pin);
    if (found.places !== this.places) {
      if (this.places && before.loaded) this.movedAt = at;
      this.places = found.places;
    }
    this.own.clear();
    this.drawnAt = clock.now();
    this.stamp = [Math.floor(this.drawnAt / TICK_MS), this.line, this.settings.keys];
    this.paint(this);
    focusAfter(focus);
  }

  /** Where everything should stand. */
  target() {
    const key = placesKey(this);
    if (!this.targetKey?.every((each, at) => each === key[at])) Object.assign(this, {targetKey: key, targetOf: placesOf(this)});
    return this.targetOf;
  }

  /** The row, also when it has left and only its place is kept. */
  row(id) {
    return this.state.items.get(id) ?? this.state.ended.get(id);
  }

  label(row) {
    return this.labels.known.get(row.patient_id) ?? say('item_number', {number: row.number});
  }

  /** Who it is; `you` for the viewer. */
  who(id) {
    if (id === this.me) return this.frame.staff.name;
    return this.frame.people?.[id] ?? say('somebody');
  }

  rowsOf(queue) {
    if (this.rowsKey !== this.state.items) {
      this.rowsKey = this.state.items;
      this.byQueue = Object.groupBy(this.state.items.values(), (row) => row.queue);
      this.countsOf = {};
    }
    return this.byQueue[queue] ?? [];
  }

  counts(queue) {
    const rows = this.rowsOf(queue);
    return this.countsOf[queue] ??= counts(rows);
  }

  /** Another address, without another page. */
  go(address, replace = false) {
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
    this.moved();
  }

  moved() {
    const before = this.route;
    this.route = route(location, this.frame.queues);
    if (!this.route) return location.reload();
    if (before?.queue !== this.route.queue || before?.view !== this.route.view) {
      Object.assign(this, {places: null, current: null, tab: 'waiting'});
      this.fresh.again();
      scrollTo(0, 0);
    }
    const filters = ({due, who, strict, find}) => `${due} ${who} ${strict} ${find}`;
    if (before && filters(before) !== filters(this.route)) this.places = null;
    this.onMoved?.();
    this.draw();
  }

  filter(name, value) {
    this.go(location.pathname + filtered(location.search, name, value), true);
  }

  /** What is typed stands in the address. The way back leads to the list without it. */
  search(text) {
    this.go(location.pathname + filtered(location.search, 'find', text), Boolean(this.route.find || !text));
  }

  set(changes) {
    Object.assign(this.settings, changes);
    keep(this.settings);
    theme(this.settings.theme);
    this.draw();
  }

  /** What waits may move now. */
  release() {
    if (this.route?.patient) this.fresh.again();
    this.places = null;
    this.movedAt = Date.now();
    this.draw();
  }

  /** The viewer did something on the patient page: it shows what came of it. */
  acted() {
    this.fresh.acted(Date.now());
    this.draw();
  }

  pause() {
    this.hand.paused = !this.hand.paused;
    this.draw();
  }

  /** The hand did something. Right after a move a click is not meant for what is there now. */
  touched(event) {
    const at = Date.now();
    this.hand.inputAt = at;
    const list = event.target?.closest?.('[data-list]');
    if (event.type === 'pointermove' && list) this.hand.pointerAt = at;
    if (event.type !== 'click' || !event.detail || !list || at - this.movedAt >= GUARD_MS) return;
    event.preventDefault();
    event.stopPropagation();
  }

  tell(said) {
    this.live = {...this.live, ...said};
    this.draw();
  }

  /** Nothing was in the future: where the machine's clock was set back, it is now. */
  noLater(at) {
    this.movedAt = Math.min(this.movedAt, at);
    for (const name of ['inputAt', 'pointerAt']) this.hand[name] = Math.min(this.hand[name], at);
  }

  tick() {
    this.noLater(Date.now());
    const idle = Date.now() - this.hand.inputAt;
    if (idle > NAMES_MS) this.names.clear();
    if (idle > COVER_MS && !this.route?.wall) this.covered = true;
    for (const [id, {until}] of this.names) if (until < Date.now()) this.names.delete(id);
    const over = this.toasts.some((toast) => toast.until < Date.now());
    if (over) this.toasts = this.toasts.filter((toast) => toast.until >= Date.now());
    this.onTick?.();
    const minute = Math.floor(clock.now() / TICK_MS);
    if (this.unread && minute !== this.minute) this.readRights();
    if (minute !== this.minute || this.changes || over || this.state.fresh.size || this.names.size || this.covered) this.draw();
    this.minute = minute;
  }
}
