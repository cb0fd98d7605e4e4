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

/** Asks again who is signed in. Its answer's body has the new proof. @returns {Promise<Answer>} */
export async function renew() {
  const answer = await asked('/board/session', {});
  if (answer.ok) session = answer.body;
  return answer;
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
  const who = signedIn().staff?.id;
  const answer = await once();
  if (answer.problem?.type !== NOT_PROVEN) return answer;
  const renewed = await renew();
  return renewed.ok && session.staff.id === who ? once() : answer;
}

async function asked(address, options) {
  let response;
  try {
    response = await fetch(address, {
      ...options, credentials: 'same-origin', redirect: 'error', cache: 'no-store',
      headers: {Accept: 'application/json, application/problem+json', ...options.headers},
    });
  } catch {
    return failed(0, OFFLINE);
  }
  if (response.status === 401) window.dispatchEvent(new CustomEvent('huddle:signed-out'));
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

function failed(status, problem) {
  return {ok: false, status, body: null, etag: null, problem};
}
