// What the page knows of the queues: a message and a state make the next state. Pure; the server decides what is true.

/**
 * @typedef {{item_id: string, version: number, number: number, item_type: string, queue: string, status: string,
 *   priority: string, level: number, group: string, order: any[], overdue: boolean, due_at?: string,
 *   ack_due_at?: string, waiting_since: string, claimed_by?: string, claimed_at?: string, goes_back_at?: string, resume_on?: string, hold_reason?: string,
 *   patient_id?: string, category?: string, detail?: string, about?: string}} Row
 * @typedef {{items: Map<string, Row>, ended: Map<string, Row>, fresh: Map<string, number>, loaded: boolean}} State
 * @typedef {{kind: 'reset', items: Row[]} | {kind: 'item', row: Row} | {kind: 'gone', key: string, topic: string}
 *   | {kind: 'answer', row: Row}} Message
 */

export const GROUPS = ['safety', 'act_first', 'overdue', 'today', 'later'];
export const APART = ['yours', 'others', 'hold'];
const KEPT = 200;

/** @type {State} */
export const EMPTY = {items: new Map(), ended: new Map(), fresh: new Map(), loaded: false};

/** The state after these messages; older versions of a row change nothing. @param {State} state
 * @param {Message[]} messages @param {number} now @returns {State} */
export function apply(state, messages, now) {
  if (!messages.length) return state;
  const next = {...state, items: new Map(state.items), ended: new Map(state.ended), fresh: new Map(state.fresh)};
  for (const message of messages) TAKE[message.kind]?.(next, message, now);
  for (const id of [...next.ended.keys()].slice(0, Math.max(0, next.ended.size - KEPT))) next.ended.delete(id);
  return next;
}

const TAKE = {
  reset(state, {items}, now) {
    const before = state.items;
    state.items = new Map();
    for (const row of items) {
      const held = before.get(row.item_id);
      if (!held && state.loaded) state.fresh.set(row.item_id, now);
      state.items.set(row.item_id, newer(row, held) ? row : held);
    }
    for (const [id, row] of before) if (!state.items.has(id)) state.ended.set(id, row);
    state.loaded = true;
  },
  item(state, {row}, now) {
    const held = state.items.get(row.item_id) ?? state.ended.get(row.item_id);
    if (!newer(row, held)) return;
    if (!state.items.has(row.item_id)) state.fresh.set(row.item_id, now);
    state.ended.delete(row.item_id);
    state.items.set(row.item_id, row);
  },
  gone(state, {key, topic}) {
    const held = state.items.get(key);
    if (!held || !topic.endsWith(held.queue)) return; // it is in another queue already
    state.items.delete(key);
    state.ended.set(key, held);
  },
  /** What a command answered: only where the row is still open, and not yet told as newer. */
  answer(state, {row}) {
    const held = state.items.get(row.item_id);
    if (!held || row.version <= held.version) return;
    const {claimed_by, claimed_at, kept_at, goes_back_at, resume_on, hold_reason, ...rest} = held;
    const order = [apart(row), ...held.order.slice(1)];
    state.items.set(row.item_id, {...rest, ...row, group: held.group, order});
  },
};

const newer = (row, held) => !held || row.version >= held.version;
const apart = (row) => (row.resume_on ? 2 : row.status === 'waiting' ? 0 : 1);

/** Forgets which rows were new before `since`. @param {State} state @param {number} since @returns {State} */
export function calm(state, since) {
  if (![...state.fresh.values()].some((at) => at < since)) return state;
  return {...state, fresh: new Map([...state.fresh].filter(([, at]) => at >= since))};
}

/** Where a row stands for this viewer. @param {Row} row @param {string} me */
export function sectionOf(row, me) {
  if (row.resume_on) return 'hold';
  if (row.status === 'waiting') return row.group;
  return row.claimed_by === me ? 'yours' : 'others';
}

/** Who stands first. @param {any[]} one @param {any[]} other */
export function compare(one, other) {
  for (let at = 0; at < one.length; at += 1) {
    if (one[at] !== other[at]) return one[at] < other[at] ? -1 : 1;
  }
  return one.length - other.length;
}

/**
 * The ids of each section in their order. `strict` has one list without groups; safety items pass every filter.
 * @param {Iterable<Row>} rows @param {{me: string, strict?: boolean, passes?: (row: Row) => boolean}} view
 * @returns {Record<string, string[]>}
 */
export function sections(rows, {me, strict = false, passes = () => true}) {
  const found = {};
  for (const name of [...GROUPS, ...APART]) found[name] = [];
  for (const row of rows) {
    if (row.group !== 'safety' && !passes(row)) continue;
    const name = sectionOf(row, me);
    (found[strict && GROUPS.includes(name) ? 'act_first' : name] ?? found.later).push(row);
  }
  for (const name of Object.keys(found)) {
    const order = strict ? (row) => row.order.toSpliced(1, 1) : (row) => row.order; // the second of it is the group
    found[name] = found[name].sort((a, b) => compare(order(a), order(b))).map((row) => row.item_id);
  }
  return found;
}

/** How much is open. Overdue counts what is claimed too; safety also. @param {Iterable<Row>} rows */
export function counts(rows) {
  const found = {waiting: 0, claimed: 0, hold: 0, overdue: 0, safety: 0, first: 0, unverified: 0, since: null};
  for (const row of rows) {
    found[row.resume_on ? 'hold' : row.status === 'waiting' ? 'waiting' : 'claimed'] += 1;
    found.overdue += row.overdue ? 1 : 0;
    found.unverified += row.unverified?.length ? 1 : 0;
    found.safety += row.group === 'safety' ? 1 : 0;
    found.first += row.group === 'act_first' ? 1 : 0;
    if (!found.since || row.waiting_since < found.since) found.since = row.waiting_since;
  }
  return found;
}

/** What a listener is told of a change: how many are new and overdue, and which safety items came.
 * @param {State} before @param {State} after @param {(row: Row) => boolean} concerns */
export function news(before, after, concerns) {
  const said = {fresh: 0, overdue: 0, safety: []};
  if (!before.loaded) return said;
  for (const row of after.items.values()) {
    const held = before.items.get(row.item_id);
    if (held === row || !concerns(row)) continue;
    if (row.group === 'safety' && !held && row.status === 'waiting') said.safety.push(row);
    else if (!held) said.fresh += 1;
    if (row.overdue && held && !held.overdue) said.overdue += 1;
  }
  return said;
}
