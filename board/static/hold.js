// What may move now. Nothing moves under a hand: text changes at once, positions wait. Pure.

/** @typedef {Record<string, string[]>} Places the ids of each section, in order */

export const POINTER_MS = 3000;
export const QUIET_MS = 10000;
export const GUARD_MS = 300;

/** Do positions wait? @param {{paused: boolean, dialog: boolean, focused: boolean, pointerAt: number,
 * inputAt: number}} hand @param {number} now */
export function held(hand, now) {
  if (hand.paused) return true;
  if (now - hand.inputAt >= QUIET_MS) return false;
  return hand.dialog || hand.focused || now - hand.pointerAt < POINTER_MS;
}

/**
 * The places to show. `own` are rows that the viewer moved: they go at once. `pin` is the row with focus: while the
 * others change it keeps its place.
 * @param {Places|null} shown @param {Places} target
 * @param {{held: boolean, own?: Set<string>, pin?: string|null}} hand
 * @returns {{places: Places, waiting: number}}
 */
export function settle(shown, target, {held: waits, own = new Set(), pin = null}) {
  if (!shown) return {places: target, waiting: 0};
  const places = waits ? moved(shown, target, own) : pinned(shown, target, own.has(pin) ? null : pin);
  return {places: same(places, shown) ? shown : places, waiting: changes(places, target)};
}

/** How many rows stand elsewhere than they should, are missing, or should have left.
 * @param {Places} shown @param {Places} target */
export function changes(shown, target) {
  const before = sectionsById(shown);
  const after = sectionsById(target);
  let count = 0;
  for (const [id, section] of before) if (after.get(id) !== section) count += 1;
  for (const id of after.keys()) if (!before.has(id)) count += 1;
  for (const section of Object.keys(target)) {
    const rank = new Map(target[section].map((id, at) => [id, at]));
    const ranks = (shown[section] ?? []).filter((id) => rank.has(id)).map((id) => rank.get(id));
    count += ranks.length - longestRise(ranks);
  }
  return count;
}

function moved(shown, target, own) {
  if (!own.size) return shown;
  const places = {};
  for (const section of Object.keys(target)) {
    places[section] = (shown[section] ?? []).filter((id) => !own.has(id));
    target[section].forEach((id, at) => {
      if (!own.has(id)) return;
      const before = target[section].slice(0, at).findLast((each) => places[section].includes(each));
      places[section].splice(before ? places[section].indexOf(before) + 1 : 0, 0, id);
    });
  }
  return places;
}

function pinned(shown, target, pin) {
  const section = pin && Object.keys(shown).find((name) => shown[name].includes(pin));
  if (!section) return target;
  const places = {};
  for (const name of Object.keys(target)) places[name] = target[name].filter((id) => id !== pin);
  places[section].splice(shown[section].indexOf(pin), 0, pin);
  return places;
}

function sectionsById(places) {
  return new Map(Object.entries(places).flatMap(([section, ids]) => ids.map((id) => [id, section])));
}

function same(one, other) {
  return Object.keys(one).every((name) => one[name].length === other[name]?.length
    && one[name].every((id, at) => id === other[name][at]));
}

/** The length of the longest part that is in order already. */
function longestRise(ranks) {
  const ends = [];
  for (const rank of ranks) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] < rank) low = middle + 1; else high = middle;
    }
    ends[low] = rank;
  }
  return ends.length;
}
