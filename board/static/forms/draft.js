// What was typed and not sent. It is kept in this browser for its author: over a reload, a closed tab and a new sign-in, sealed
// under a key that the front door tells nobody else. It is gone when it was sent, or after three days.

const PREFIX = 'draft ';
const KEPT_MS = 3 * 24 * 60 * 60_000;
/** By name: what this page wrote, and what was found. */
const written = new Map();
let found = new Map();
let keys = [];

/** @param {string} item @param {string} operation @param {string} who typed */
export const nameOf = (item, operation, who) => `${PREFIX}${who} ${item} ${operation}`;

export const load = (name) => written.get(name) ?? found.get(name) ?? null;

export function drop(name) {
  written.delete(name);
  found.delete(name);
  localStorage.removeItem(name);
}

/** Reads what there is of whoever is signed in. @param {{staff: {id: string}, draft_keys: string[]}} frame */
export async function readDrafts({staff, draft_keys: told = []}) {
  keys = await Promise.all(told.map((each) => crypto.subtle.importKey('raw', bytes(each), 'AES-GCM', false, ['encrypt', 'decrypt'])));
  const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  names.filter((name) => !(Date.now() - (parsed(name)?.at ?? 0) < KEPT_MS)).forEach(drop);
  const own = names.filter((name) => name.startsWith(`${PREFIX}${staff.id} `));
  const all = await Promise.all(own.map(async (name) => [name, await unsealed(parsed(name))]));
  found = new Map(all.filter(([name, value]) => value !== null && localStorage.getItem(name))); // what was sent meanwhile is gone
}

export async function keep(name, value) {
  written.set(name, value);
  if (!keys.length) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({name: 'AES-GCM', iv}, keys[0], new TextEncoder().encode(JSON.stringify(value)));
  if (written.get(name) !== value) return; // typed on, or sent
  try {
    localStorage.setItem(name, JSON.stringify({at: Date.now(), iv: text(iv), sealed: text(new Uint8Array(sealed))}));
  } catch { /* full, or not allowed: what stands in the fields is still there */ }
}

const bytes = (said) => Uint8Array.from(atob(said), (each) => each.charCodeAt(0));
const text = (said) => btoa(Array.from(said, (each) => String.fromCharCode(each)).join(''));

function parsed(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Null where none of the keys opens it. */
async function unsealed(said) {
  if (!said) return null;
  for (const key of keys) {
    try {
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({name: 'AES-GCM', iv: bytes(said.iv)}, key, bytes(said.sealed))));
    } catch { /* the next key */ }
  }
  return null;
}
