// The client's only door to the services. An answer, a refusal or a cut line: it comes back as a value, never thrown.

import {begun} from './words.js';

const PROOF = 'X-Huddle-CSRF';
const PURPOSE = 'X-Purpose';
const NOT_PROVEN = 'urn:huddle:problem:not-proven';
const OFFLINE = {
  title: 'No answer',
  detail: 'The line is cut or Huddle is away. Nothing is known to have changed: try again.',
};
const NOT_READ = {title: 'No answer', detail: 'The answer could not be read: try again.'};

/**
 * @typedef {{type?: string, title: string, status?: number, detail: string, instead?: string[], errors?: object[]}} Problem
 * @typedef {{ok: boolean, status: number, body: any, etag: string|null, problem: Problem|null}} Answer
 */

/** What the frame says of who is signed in; read anew where another tab signed in again. */
let session = null;

function signedIn() {
  session ??= JSON.parse(document.getElementById('frame')?.textContent || '{}');
  return session;
}

let out = false;

/** The page says so once, and once that it is over. */
function signed(isOut) {
  if (out === isOut) return;
  out = isOut;
  window.dispatchEvent(new CustomEvent(isOut ? 'huddle:signed-out' : 'huddle:signed-in'));
}

/** Asks again who is signed in; its answer's body has the new proof. Somebody else in another tab: whose page this is
 * is signed out. @returns {Promise<Answer>} */
export async function renew() {
  const answer = await asked('/board/session', {});
  const same = answer.ok && answer.body?.staff?.id === signedIn().staff?.id;
  if (same) session = answer.body;
  if (answer.ok) signed(!same);
  return {...answer, ok: same};
}

const ATTENDED_MS = 5 * 60_000;
let attended = Date.now();

/** Somebody is at the screen: the session goes on. Asked at most every five minutes. */
function attend() {
  if (Date.now() - attended < ATTENDED_MS) return;
  attended = Date.now();
  renew();
}

for (const kind of ['pointerdown', 'keydown', 'wheel']) addEventListener(kind, attend, {passive: true});
// A wall has nobody who types, and is there to be looked at.
if (new URLSearchParams(location.search).has('wall')) setInterval(attend, ATTENDED_MS / 5);

/**
 * @param {string} service @param {string} path begins with `/`
 * @param {string|null} [purpose] what it is read for, where somebody said it @returns {Promise<Answer>}
 */
export function get(service, path, purpose = null) {
  return asked(`/api/${service}${path}`, purpose ? {headers: {[PURPOSE]: purpose}} : {});
}

/**
 * Changes something. The same `key` at every attempt of one change: it happens once, however often it is sent.
 * @param {string} service @param {string} method @param {string} path begins with `/` @param {any} body
 * @param {{etag?: string|null, key?: string}} [seen] @returns {Promise<Answer>}
 */
export async function send(service, method, path, body, {etag = null, key = crypto.randomUUID()} = {}) {
  const said = {'Idempotency-Key': key};
  if (etag) said['If-Match'] = etag;
  if (body !== undefined && body !== null) said['Content-Type'] = 'application/json';
  const once = () => asked(`/api/${service}${path}`, {
    method,
    headers: {...said, [PROOF]: signedIn().csrf ?? ''},
    body: 'Content-Type' in said ? JSON.stringify(body) : undefined,
  });
  const answer = await once();
  if (answer.problem?.type !== NOT_PROVEN) return answer;
  const renewed = await renew();
  return renewed.ok ? once() : answer;
}

/** Whoever has not answered whole by then does not: the front door itself gives up on a service after 30 s. */
const ANSWER_MS = 40_000;

async function asked(address, options) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), ANSWER_MS);
  const answer = await answered(address, {...options, signal: ending.signal});
  clearTimeout(timer);
  return answer;
}

async function answered(address, options) {
  let response;
  try {
    response = await fetch(address, {
      ...options, credentials: 'same-origin', redirect: 'error', cache: 'no-store',
      headers: {Accept: 'application/json, application/problem+json', ...options.headers},
    });
  } catch {
    return failed(0, OFFLINE);
  }
  if (response.status === 401) signed(true);
  else if (response.ok && out && address !== '/board/session') renew();
  try {
    return answerOf(response, await response.text());
  } catch {
    return failed(response.ok ? 0 : response.status, NOT_READ);
  }
}

function answerOf(response, text) {
  const type = response.headers.get('Content-Type') ?? '';
  const body = text && type.includes('json') ? JSON.parse(text) : text || null;
  if (!response.ok) {
    const {title = response.statusText, detail = ''} = body ?? {};
    return failed(response.status, {title, ...(type.includes('json') ? body : {}), detail: begun(detail)});
  }
  return {ok: true, status: response.status, body, etag: response.headers.get('ETag'), problem: null};
}

/** What was answered where an answer is not what it should be. @type {Answer} */
export const UNREAD = failed(0, NOT_READ);

/** The list of this name in an answer; nothing where there is none. @param {Answer|undefined} answer @param {string} name */
export function listOf(answer, name) {
  const found = answer?.body?.[name];
  return Array.isArray(found) ? found.filter((each) => each && typeof each === 'object') : [];
}

function failed(status, problem) {
  return {ok: false, status, body: null, etag: null, problem};
}
