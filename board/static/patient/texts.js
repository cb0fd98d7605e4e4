// How words, codes, days and tables look on the patient page. Pure.
import {html} from '../html.js';
import {rule} from '../views/parts.js';
import {begun, fill, ruleWords, word} from '../words.js';

let zone = 'UTC';
let people = {};

/** @param {object} frame whose times and whose people these are */
export const useClinic = (frame) => { zone = frame.clinic.time_zone; people = frame.people ?? {}; };

/** A sentence of the page. @param {string} key @param {object} [values] */
export const t = (key, values) => fill(word('patient', key) || key, values);

/** As it stands within a sentence; an abbreviation stays one. */
export const ended = (text) => text.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase());

/** Id and version of a rule, as facts carry them. */
export const RULE = /^[\w.-]+@\d+$/;

/** A code in words, or several; one that nobody has words for, as it is read. */
export function code(said) {
  if (Array.isArray(said)) return said.length ? said.map(code).join(', ') : t('none');
  if (typeof said === 'boolean') return t(said ? 'yes' : 'no');
  if (said?.code) return said.code;
  const plain = String(said ?? '');
  if (RULE.test(plain)) return ruleWords(plain);
  const text = (plain.includes('_') ? plain.toLowerCase() : plain).replaceAll('_', ' ');
  const known = [...['codes', 'titles', 'queues', 'categories'].map((list) => word(list, said)), word('details', 'codes')[said], word('rules', said)].find((each) => each && typeof each === 'string');
  return begun(known ?? text);
}

const DAY = {day: 'numeric', month: 'short', year: 'numeric'};
const format = (options, at, timeZone) => new Intl.DateTimeFormat('en-GB', {...options, timeZone}).format(at);

/** `24 Nov 2026`, of a day or of an instant in the clinic's time. */
export const day = (said) => said && (said.length === 10 ? format(DAY, Date.parse(said), 'UTC') : format(DAY, Date.parse(said), zone));

/** `Tue 24 Nov 2026, 10:42` */
export const time = (said) => said && format({...DAY, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}, Date.parse(said), zone).replace(',', '');

export const status = (said) => html`<span class="tag status">${code(said)}</span>`;
/** Names of staff, of one id or several. */
const person = (said) => said && [said].flat().map((id) => people[id] ?? t('unknown_person')).join(', ');
const KINDS = {day, time, status, person, rule, text: (said) => said};

/** What stands at `a.b`. */
const at = (thing, path) => path.split('.').reduce((found, name) => found?.[name], thing);

/** Columns as `path:kind:heading`; unnamed, the last part of the path has the words of its heading. Functions draw what no kind does. */
export function columns(spec, more = {}) {
  return spec.split(' ').map((each) => {
    const [path, kind = 'code', heading = path.split('.').at(-1)] = each.split(':');
    return [heading, (thing) => (more[path] ? more[path](thing) : (KINDS[kind] ?? code)(at(thing, path)))];
  });
}

const isBlank = (said) => said === undefined || said === null || said === '' || said === false;

/** A table with its caption, without columns in which nothing stands; it scrolls by itself where the screen is narrow. */
export function table(caption, spec, things, more) {
  const label = t(caption);
  const drawn = columns(spec, more).filter(([, draw]) => things.some((each) => !isBlank(draw(each))));
  if (!things.length) return html`<h3>${label}</h3><p class="empty">${t('nothing')}</p>`;
  return html`<h3>${label}</h3><div class="scroll" role="group" aria-label=${label} tabindex="0"><table>
    <thead><tr>${drawn.map(([name]) => html`<th scope="col">${t(name)}</th>`)}</tr></thead>
    <tbody>${things.map((each) => html`<tr key=${each.id}>${drawn.map(([, draw]) => html`<td>${shown(draw(each))}</td>`)}</tr>`)}</tbody></table></div>`;
}

const shown = (said) => (isBlank(said) ? '\u2013' : said);

/** Terms with what is said of them; what nobody said is left out. */
export const facts = (thing, spec, more) => html`<dl>${columns(spec, more).map(([name, draw]) => [name, draw(thing)]).filter(([, said]) => said || said === 0)
  .map(([name, said]) => html`<dt>${t(name)}</dt><dd>${said}</dd>`)}</dl>`;

/** Answers of an instrument question by question, with words where it has some; nothing for what are none. */
export function answers(instrument, given) {
  if (!Array.isArray(given) || !given.length || !given.every((each) => each === null || Number.isFinite(Number(each)))) return null;
  const [asked, scale] = [word('questions', instrument), word('answers', instrument)];
  const said = (each) => (each === null ? t('not_answered') : [each, scale[each]].filter((part) => part !== undefined && part !== '').join(', '));
  return html`<ol class="answers">${given.map((each, at) => html`<li><span>${asked[at] ?? t('question', {number: at + 1})}</span> <b>${said(each)}</b></li>`)}</ol>`;
}

/** Newest first, by what stands at `path`. */
export const latest = (list, path) => [...list].sort((one, other) => String(at(other, path) ?? '').localeCompare(at(one, path) ?? ''));
