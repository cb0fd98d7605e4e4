// The page's memory: it takes messages, decides once a frame what may show, and draws. Views only read it.
import {get, renew} from './api.js';
import {Announcer} from './announce.js';
import * as clock from './clock.js';
import {held, settle, GUARD_MS} from './hold.js';
import {focusAfter, focusBefore} from './focus.js';
import {filtered, route} from './router.js';
import {Fresh} from './patient/fresh.js';
import {apply, calm, counts, EMPTY, GROUPS, news, sections} from './store.js';
import {Stream} from './stream.js';
import {say, title, word} from './words.js';

const FRESH_MS = 6000;
const TICK_MS = 15000;
const NAMES_MS = 5 * 60000;
const COVER_MS = 15 * 60000;
const LABELS = 100;
const SETTINGS = {theme: 'system', sound: false, keys: true, announce: 'all'};

export class Board {
  /** @param {object} frame @param {(board: Board) => void} paint */
  constructor(frame, paint) {
    Object.assign(this, {
      frame, paint, me: frame.staff.id, state: EMPTY, pending: [], places: null, changes: 0, own: new Set(),
      line: 'opening', since: Date.now(), rights: {}, labels: new Map(), names: new Map(), busy: new Map(),
      toasts: [], dialog: null, current: null, tab: 'waiting', find: '', opened: null, kept: new Set(), said: {},
      movedAt: 0, drawnAt: 0, asked: new Set(), labelsOff: false, startedAt: Date.now(), arrived: [],
      hand: {paused: false, dialog: false, focused: false, pointerAt: -Infinity, inputAt: Date.now()},
      settings: {...SETTINGS, ...stored()},
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
    const {ok, status, body} = await get('worklist', '/queues');
    if (ok && body?.queues) this.rights = Object.fromEntries(body.queues.map((each) => [each.queue, each]));
    this.refused = status === 403;
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
    if (this.state.items !== before.items) this.heed(before);
    const hand = {...this.hand, dialog: Boolean(this.dialog)};
    const pin = this.dialog?.row?.item_id ?? (hand.focused ? this.current : null);
    const found = settle(this.state.loaded ? this.places : null, this.target(), {held: held(hand, at), own: this.own, pin});
    const {patient} = this.route ?? {};
    this.changes = patient ? this.fresh.changes(patient, this.state, at) : found.waiting;
    const focus = focusBefore(pin);
    if (found.places !== this.places) {
      if (this.places && before.loaded) this.movedAt = at;
      this.places = found.places;
    }
    this.own.clear();
    this.drawnAt = clock.now();
    this.stamp = [Math.floor(this.drawnAt / TICK_MS), this.line, this.settings.keys, location.search];
    this.paint(this);
    focusAfter(focus);
  }

  /** Where everything should stand. */
  target() {
    const {view, queue, strict, queues} = this.route ?? {};
    const key = [this.state.items, view, queue, strict, this.route?.wall, this.find, this.route?.due, this.route?.who, this.labels.size];
    if (this.targetKey?.every((each, at) => each === key[at])) return this.targetOf;
    this.targetKey = key;
    const rows = [...this.state.items.values()];
    const seen = {me: this.me, strict, passes: (row) => this.passes(row)};
    if (view === 'queue') return this.targetOf = sections(rows.filter((row) => row.queue === queue), seen);
    this.targetOf = {};
    for (const name of queues ?? []) {
      const places = sections(rows.filter((row) => row.queue === name), {me: this.me});
      const groups = this.route?.wall ? GROUPS.slice(1) : GROUPS; // a wall has a band for safety
      this.targetOf[name] = groups.flatMap((group) => places[group]).slice(0, 5);
    }
    return this.targetOf;
  }

  passes(row) {
    const {due, who} = this.route;
    if (due === 'late' && !row.overdue) return false;
    if (due === 'today' && !(row.overdue || row.group === 'today' || this.dueIn(row) < 1)) return false;
    if (due === 'week' && this.dueIn(row) >= 7) return false;
    if (who === 'mine' && row.claimed_by !== this.me) return false;
    if (who === 'nobody' && row.claimed_by) return false;
    return !this.find || `${this.label(row)} ${title(row)} ${row.number}`.toLowerCase().includes(this.find);
  }

  dueIn(row) {
    return row.due_at ? clock.dayNumber(Date.parse(row.due_at)) - clock.dayNumber(clock.now()) : Infinity;
  }

  /** The row, also when it has left and only its place is kept. */
  row(id) {
    return this.state.items.get(id) ?? this.state.ended.get(id);
  }

  label(row) {
    return this.labels.get(row.patient_id) ?? say('item_number', {number: row.number});
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

  /** New facts have consequences: labels, what is announced, the warning of a new safety item. */
  heed(before) {
    const mine = (row) => (this.route?.view === 'queue' ? row.queue === this.route.queue : this.rights[row.queue]?.yours)
      || (row.group === 'safety' && this.rights[row.queue]?.yours);
    const found = news(before, this.state, mine);
    this.announcer.count(found.fresh, found.overdue);
    for (const row of found.safety) this.warn(row);
    this.arrived = this.arrived.filter((id) => this.state.items.get(id)?.status === 'waiting');
    this.readLabels();
    for (const id of this.state.ended.keys()) if (!before.ended.has(id)) this.readEnd(id);
  }

  warn(row) {
    const queue = word('queues', row.queue);
    const time = row.ack_due_at && clock.clockTime(Date.parse(row.ack_due_at));
    this.announcer.safety(row.item_id, say(time ? 'announced_safety' : 'announced_safety_open', {queue, time}));
    this.arrived.push(row.item_id);
    if (this.settings.sound) tone();
  }

  /** How it ended, for the place that is kept. */
  async readEnd(id) {
    if (!Object.values(this.places ?? {}).some((ids) => ids.includes(id))) return;
    const {body} = await get('worklist', `/items/${id}/history`);
    const by = body?.changes.at(-1)?.data.completed_by;
    if (by) this.said[id] = say('done_by', {who: this.who(by)});
    this.draw();
  }

  async readLabels() {
    if (this.labelsOff) return;
    const ids = new Set([...this.state.items.values()].map((row) => row.patient_id));
    const missing = [...ids].filter((id) => id && !this.asked.has(id));
    for (const id of missing) this.asked.add(id);
    for (let at = 0; at < missing.length; at += LABELS) {
      const some = missing.slice(at, at + LABELS);
      const {ok, status, body} = await get('referral', `/labels?${some.map((id) => `patient_id=${id}`).join('&')}`);
      if (status === 403) this.labelsOff = true;
      if (!ok) some.forEach((id) => this.asked.delete(id));
      for (const each of body?.labels ?? []) this.labels.set(each.patient_id ?? each.id, each.label);
      this.draw();
    }
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
      Object.assign(this, {places: null, find: '', current: null, tab: 'waiting'});
      this.fresh.again();
      scrollTo(0, 0);
    }
    const filters = ({due, who, strict}) => `${due} ${who} ${strict}`;
    if (before && filters(before) !== filters(this.route)) this.places = null;
    this.onMoved?.();
    this.draw();
  }

  filter(name, value) {
    this.go(location.pathname + filtered(location.search, name, value), true);
  }

  search(text) {
    Object.assign(this, {find: text.toLowerCase(), places: null});
    this.draw();
  }

  set(changes) {
    Object.assign(this.settings, changes);
    localStorage.setItem('huddle', JSON.stringify(this.settings));
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

  tick() {
    const idle = Date.now() - this.hand.inputAt;
    if (idle > NAMES_MS) this.names.clear();
    if (idle > COVER_MS && !this.route?.wall) this.covered = true;
    for (const [id, {until}] of this.names) if (until < Date.now()) this.names.delete(id);
    const over = this.toasts.some((toast) => toast.until < Date.now());
    if (over) this.toasts = this.toasts.filter((toast) => toast.until >= Date.now());
    this.onTick?.();
    const minute = Math.floor(clock.now() / TICK_MS);
    if (minute !== this.minute || this.changes || over || this.state.fresh.size || this.names.size || this.covered) this.draw();
    this.minute = minute;
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem('huddle')) ?? {};
  } catch {
    return {};
  }
}

/** @param {string} name as the settings have it */
export function theme(name) {
  document.documentElement.dataset.theme = name;
}

function tone() {
  const audio = new AudioContext();
  const source = audio.createOscillator();
  source.connect(audio.destination);
  source.start();
  source.stop(audio.currentTime + 0.4);
}
