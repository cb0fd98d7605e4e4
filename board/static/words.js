// The clinic's words, given once by the frame. Pages hold no sentence of their own.

let words = {};

/** @param {object} given `board/words.toml` */
export function use(given) {
  words = given;
}

/** Fills `{name}`; of a list the first is for one, the second for many.
 * @param {string|string[]|undefined} text @param {object} [values] @returns {string} */
export function fill(text, values = {}) {
  const chosen = Array.isArray(text) ? text[values.count === 1 ? 0 : 1] : text ?? '';
  return chosen.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** A service's sentence as one begins. @param {string|undefined} text */
export const begun = (text) => (text ? text[0].toUpperCase() + text.slice(1) : text);

/** A sentence. @param {string} key @param {object} [values] */
export const say = (key, values) => fill(words.sentences?.[key] ?? key, values);

/** A piece of a time. @param {string} key @param {object} [values] */
export const timeWord = (key, values) => fill(words.times?.[key] ?? key, values);

/** What a code is called; never the code itself. @param {string} list @param {string} code */
export const word = (list, code) => words[list]?.[code] ?? '';

/** What a rule is about, by its id with or without version; never the id itself. @param {string} named */
export const ruleWords = (named) => word('rules', named.split('@')[0]) || say('a_rule');

/** @param {{item_type: string}} row @param {boolean} [wall] without drug, finding or diagnosis */
export const title = (row, wall) => (wall && word('neutral', row.item_type)) || word('titles', row.item_type);

/** All of a list, in its order. @param {string} list @returns {[string, any][]} */
export const wordsOf = (list) => Object.entries(words[list] ?? {});
