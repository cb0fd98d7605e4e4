// How words, codes, days and tables look on the patient page. Pure.
import {html} from '../html.js';
import {fill, word} from '../words.js';

let zone = 'UTC';

/** @param {string} timeZone the clinic's */
export const useZone = (timeZone) => { zone = timeZone; };

/** A sentence of the page. @param {string} key @param {object} [values] */
export const t = (key, values) => fill(word('patient', key) || key, values);

/** A code in words, or several; one that nobody has words for, as it is read. */
export function code(said) {
  if (Array.isArray(said)) return said.length ? said.map(code).join(', ') : t('none');
  if (typeof said === 'boolean') return t(said ? 'yes' : 'no');
  if (said?.code) return said.code;
  const plain = String(said ?? '');
  const text = (plain.includes('_') ? plain.toLowerCase() : plain).replaceAll('_', ' ');
  const known = ['codes', 'titles', 'queues', 'categories'].map((list) => word(list, said)).find((each) => each && typeof each === 'string');
  return known ?? text.charAt(0).toUpperCase() + text.slice(1);
}

const DAY = {day: 'numeric', month: 'short', year: 'numeric'};
const format = (options, at, timeZone) => new Intl.DateTimeFormat('en-GB', {...options, timeZone}).format(at);

/** `24 Nov 2026`, of a day or of an instant in the clinic's time. */
export const day = (said) => said && (said.length === 10 ? format(DAY, Date.parse(said), 'UTC') : format(DAY, Date.parse(said), zone));

/** `Tue 24 Nov 2026, 10:42` */
export const time = (said) => said && format({...DAY, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}, Date.parse(said), zone).replace(',', '');

export const status = (said) => html`<span class="tag status">${code(said)}</span>`;
const KINDS = {day, time, status, text: (said) => said, upper: (said) => (said?.length ? said.join(', ').toUpperCase() : t('none'))};

/** What stands at `a.b`. */
const at = (thing, path) => path.split('.').reduce((found, name) => found?.[name], thing);

/** Columns as `path:kind`; the last part of the path has the words of its heading. Functions draw what no kind does. */
export function columns(spec, more = {}) {
  return spec.split(' ').map((each) => {
    const [path, kind = 'code'] = each.split(':');
    return [path.split('.').at(-1), (thing) => (more[path] ? more[path](thing) : (KINDS[kind] ?? code)(at(thing, path)))];
  });
}

/** A table with its caption; it scrolls by itself where the screen is narrow. */
export function table(caption, spec, things, more) {
  const [label, drawn] = [t(caption), columns(spec, more)];
  if (!things.length) return html`<h3>${label}</h3><p class="empty">${t('nothing')}</p>`;
  return html`<h3>${label}</h3><div class="scroll" role="group" aria-label=${label} tabindex="0"><table>
    <thead><tr>${drawn.map(([name]) => html`<th scope="col">${t(name)}</th>`)}</tr></thead>
    <tbody>${things.map((each) => html`<tr key=${each.id}>${drawn.map(([, draw]) => html`<td>${draw(each)}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** Terms with what is said of them; what nobody said is left out. */
export const facts = (thing, spec, more) => html`<dl>${columns(spec, more).map(([name, draw]) => [name, draw(thing)]).filter(([, said]) => said || said === 0)
  .map(([name, said]) => html`<dt>${t(name)}</dt><dd>${said}</dd>`)}</dl>`;

/** Newest first, by what stands at `path`. */
export const latest = (list, path) => [...list].sort((one, other) => String(at(other, path) ?? '').localeCompare(at(one, path) ?? ''));
