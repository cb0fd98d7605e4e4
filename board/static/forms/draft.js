// What was typed and not sent: kept in this tab only, over a reload and a new sign-in, gone when it was sent.

const PREFIX = 'draft ';

/** @param {string} item @param {string} operation @param {string} who typed: nobody finds another's words */
export const nameOf = (item, operation, who) => `${PREFIX}${who} ${item} ${operation}`;

export function load(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch { /* full, or not allowed: what stands in the fields is still there */ }
}

export const drop = (name) => sessionStorage.removeItem(name);

/** Of anybody: when somebody else signs in at this tab. */
export function dropOthers(who) {
  Object.keys(sessionStorage)
    .filter((name) => name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}${who} `))
    .forEach(drop);
}
