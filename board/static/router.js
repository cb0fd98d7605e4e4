// Addresses and views. What the address says is the whole of what a page shows.

const OWN = /^\/board(?:\/(?<queue>[a-z_]+)(?:\/(?<item>[0-9a-f-]{36}))?)?\/?$/;
const PATIENT = /^\/board\/patients\/(?<patient>[0-9a-f-]{36})\/?$/;
const DAY = /^\/board\/day\/?$/;
const A_DAY = /^\d{4}-\d\d-\d\d$/;
const SERVED = new Set(['waits', 'patients', 'sign-in', 'sign-out', 'session', 'static']);
const DUE = ['late', 'today', 'week'];
const WHO = ['mine', 'nobody'];

/**
 * @typedef {{view: 'all'|'queue'|'patient'|'day', on: string, queue: string|null, item: string|null, patient: string|null,
 *   wall: boolean, queues: string[], due: string, who: string, find: string, strict: boolean}} Route
 * @param {URL|Location} address @param {string[]} known all queues @returns {Route|null} null: the server's page
 */
export function route(address, known) {
  const asked = new URLSearchParams(address.search);
  const patient = PATIENT.exec(address.pathname)?.groups.patient ?? null;
  const day = DAY.test(address.pathname);
  const own = patient || day ? undefined : OWN.exec(address.pathname)?.groups;
  if (asked.has('at') || (!patient && !day && (!own || SERVED.has(own.queue)))) return null;
  const queue = own?.queue ?? null;
  if (queue && !known.includes(queue)) return null;
  const named = (asked.get('queues') ?? '').split(',').filter((name) => known.includes(name));
  return {
    view: patient ? 'patient' : day ? 'day' : queue ? 'queue' : 'all',
    on: A_DAY.test(asked.get('on') ?? '') ? asked.get('on') : '',
    queue, item: own?.item ?? null, patient,
    wall: asked.get('wall') === '1',
    queues: named.length ? named : known,
    due: DUE.includes(asked.get('due')) ? asked.get('due') : '',
    who: WHO.includes(asked.get('who')) ? asked.get('who') : '',
    find: asked.get('find') ?? '',
    strict: asked.get('order') === 'strict',
  };
}

/** The address of a queue or an item that keeps the filter. @param {string} search of the page that is left */
export function addressOf(queue, item = null, search = '') {
  return `/board${queue ? `/${queue}` : ''}${item ? `/${item}` : ''}${search}`;
}

/** The search with one filter set, or taken away. @param {string} search @param {string} name @param {string} value */
export function filtered(search, name, value) {
  const asked = new URLSearchParams(search);
  if (value) asked.set(name, value); else asked.delete(name);
  return asked.size ? `?${asked}` : '';
}
