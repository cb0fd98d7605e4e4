// A tree of fields as elements: one way to draw each kind, with label, help, limits and what is wrong with it.
import {html} from '../html.js';
import {emptyOf} from './schema.js';
import {at} from './said.js';
import {closed, instant, local} from './moments.js';
import {Combobox, fitting} from './combobox.js';

const FEW = 5;

/** @typedef {{value: any, set: (path: (string|number)[], value: any) => void, faults: Map<string, string>, say: Function,
 *   label: Function, code: Function, choices: (path: string[]) => {value: any, text: string}[]|null, keys: Function,
 *   zone: string, calendar: object, id: string, hidden: Set<string>}} Drawing */

const pointer = (path) => path.map((each) => `/${each}`).join('');
const idOf = (drawing, path) => `${drawing.id}${pointer(path).replaceAll('/', '-')}`;

/** @param {import('./schema.js').Field} field @param {(string|number)[]} path @param {Drawing} drawing */
export function draw(field, path, drawing) {
  if (path.length === 1 && drawing.hidden.has(path[0])) return null;
  const offered = drawing.choices(path, field);
  if (offered?.search) return field.kind === 'list' ? DRAWN.list(field, path, drawing) : searched(field, path, drawing, offered.search);
  if (offered) return picked(field, path, drawing, offered);
  return DRAWN[field.kind](field, path, drawing);
}

/** What is said of a field beside it: help, limit, fault. */
function about(field, path, drawing, limit) {
  const own = pointer(path);
  const inside = (field.kind === 'many' || field.picked) && [...drawing.faults.keys()].find((each) => each.startsWith(`${own}/`));
  const fault = drawing.faults.get(own) ?? drawing.faults.get(inside);
  const id = idOf(drawing, path);
  return {
    id,
    fault,
    said: [field.help && `${id}-help`, limit && `${id}-limit`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined,
    lines: html`${field.help && html`<small id=${`${id}-help`}>${field.help}</small>`}
      ${limit && html`<small id=${`${id}-limit`}>${limit}</small>`}
      ${fault && html`<p class="fault" id=${`${id}-fault`}>${fault}</p>`}`,
  };
}

const mark = (field, drawing) => (field.required ? html` <abbr title=${drawing.say('needed')}>*</abbr>` : null);

/** One control with its label. `control` gets what all controls have. */
function labelled(field, path, drawing, control, limit) {
  const {id, fault, said, lines} = about(field, path, drawing, limit);
  const shared = {
    id, name: pointer(path), 'aria-describedby': said, 'aria-invalid': fault ? 'true' : undefined,
    'aria-required': field.required ? 'true' : undefined,
  };
  return html`<div class=${`field ${fault ? 'wrong' : ''}`} key=${id}>
    <label for=${id}>${drawing.label(field, path)}${mark(field, drawing)}</label>${control(shared)}${lines}</div>`;
}

/** Several controls under one heading. */
function grouped(field, path, drawing, inside, className = '') {
  const {id, fault, said, lines} = about(field, path, drawing);
  return html`<fieldset class=${`field ${className} ${fault ? 'wrong' : ''}`} key=${id} id=${id} tabindex="-1" aria-describedby=${said}>
    <legend>${drawing.label(field, path)}${mark(field, drawing)}</legend>${lines}${inside}</fieldset>`;
}

const typed = (path, drawing) => (event) => drawing.set(path, event.target.value);
const current = (path, drawing) => at(drawing.value, path) ?? '';

function line(field, path, drawing, more = {}) {
  return labelled(field, path, drawing, (shared) => html`<input ...${shared} type="text" value=${current(path, drawing)} onInput=${typed(path, drawing)} autocomplete="off" ...${more} />`);
}

/** A code that is found by typing. What it says of the fields beside it is put there. */
function searched(field, path, drawing, find) {
  const [around, last] = [path.slice(0, -1), path.at(-1)];
  const take = (value, beside) => (beside && typeof last === 'string' ? drawing.set(around, {...at(drawing.value, around), ...beside, [last]: value}) : drawing.set(path, value));
  return labelled(field, path, drawing, (shared) => html`<${Combobox} shared=${shared} name=${drawing.label(field, path)} value=${current(path, drawing)} find=${find} take=${take} say=${drawing.say} />`);
}

function ticks(field, path, drawing, offered, isOn, turn, type = 'checkbox') {
  const id = idOf(drawing, path);
  return grouped(field, path, drawing, html`<div class="ticks">${offered.map(({value, text}, index) => html`<label key=${text + index}>
    <input type=${type} name=${id} checked=${isOn(value)} onChange=${(event) => turn(value, event.target.checked)} />${text}</label>`)}</div>`);
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Free times from a day on; those that are taken stay in sight, whichever day is looked at. */
function times(field, path, drawing, offered, taken, turn, type) {
  const id = `${idOf(drawing, path)}-since`;
  const why = offered.after ? drawing.say('first', {what: drawing.label({name: offered.after}, [...path.slice(0, -1), offered.after])}) : drawing.say(offered.loading ? 'loading' : 'none_offered');
  const elsewhere = taken.filter((one) => !offered.some(({value}) => same(value, one))).map((value) => ({value, text: offered.textOf(value)}));
  return html`<div class="field" key=${id}><label for=${id}>${drawing.say('since')}</label>
    <input id=${id} type="date" class="short" value=${offered.since} onChange=${(event) => drawing.since(path, event.target.value)} /></div>
    ${ticks(field, path, drawing, [...elsewhere, ...offered], (each) => taken.some((one) => same(one, each)), turn, type)}
    ${!offered.length && html`<p class="note">${why}</p>`}`;
}

/** One or some of what is offered. */
function picked(given, path, drawing, offered) {
  const field = {...given, picked: true};
  const value = at(drawing.value, path);
  const none = () => grouped(field, path, drawing, html`<p class="note">${drawing.say('none_offered')}</p>`);
  if (field.kind === 'list' || field.kind === 'many') {
    const taken = value ?? [];
    const turn = (each, on) => drawing.set(path, on ? [...taken, each] : taken.filter((one) => !same(one, each)));
    if (offered.textOf) return times(field, path, drawing, offered, taken, turn);
    return offered.length ? ticks(field, path, drawing, offered, (each) => taken.some((one) => same(one, each)), turn) : none();
  }
  if (offered.textOf) return times(field, path, drawing, offered, Object.keys(value ?? {}).length ? [value] : [], (each) => drawing.set(path, each), 'radio');
  if (field.required && !offered.length) return none();
  const few = offered.length <= FEW && field.required;
  if (few || field.kind === 'object') return ticks(field, path, drawing, offered, (each) => same(each, value), (each) => drawing.set(path, each), 'radio');
  return labelled(field, path, drawing, (shared) => html`<select ...${shared} value=${value ?? ''} onChange=${typed(path, drawing)}>
    <option value="">${drawing.say(field.required ? 'choose' : 'nothing')}</option>
    ${offered.map((each) => html`<option key=${each.value} value=${each.value} selected=${each.value === value}>${each.text}</option>`)}</select>`);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const worded = (options, drawing) => options.map((value) => ({value, text: drawing.code(value)}));

const DRAWN = {
  text: line,
  id: line,
  words: line,
  note(field, path, drawing) {
    const most = field.schema.maxLength;
    const left = most - [...String(current(path, drawing))].length;
    const limit = left < most / 5 ? drawing.say('left', {count: left}) : undefined;
    return labelled(field, path, drawing, (shared) => html`<textarea ...${shared} rows="3" value=${current(path, drawing)} onInput=${typed(path, drawing)}></textarea>`, limit);
  },
  number(field, path, drawing) {
    const {minimum, maximum} = field.schema;
    const limit = minimum === undefined || maximum > 9999 ? undefined : drawing.say('between', {from: minimum, to: maximum});
    return labelled(field, path, drawing, (shared) => html`<input ...${shared} class="short" inputmode=${minimum < 0 ? 'text' : 'decimal'} autocomplete="off" value=${current(path, drawing)} onInput=${typed(path, drawing)} />`, limit);
  },
  date(field, path, drawing) {
    const why = closed(current(path, drawing), drawing.calendar);
    return labelled(field, path, drawing, (shared) => html`<input ...${shared} type="date" class="short" value=${current(path, drawing)} onInput=${typed(path, drawing)} />`, why && drawing.say('closed', {day: why}));
  },
  moment(field, path, drawing) {
    const shown = local(current(path, drawing), drawing.zone);
    const why = closed(shown.slice(0, 10), drawing.calendar);
    const change = (event) => drawing.set(path, event.target.value ? instant(event.target.value, drawing.zone) : undefined);
    return labelled(field, path, drawing, (shared) => html`<input ...${shared} type="datetime-local" class="short" value=${shown} onInput=${change} />`, why && drawing.say('closed', {day: why}));
  },
  yesno(field, path, drawing) {
    const value = at(drawing.value, path);
    if (field.schema.default === false || field.schema.default === true) {
      const {id, said, lines} = about(field, path, drawing);
      return html`<div class="field" key=${id}><label class="tick"><input id=${id} name=${pointer(path)} type="checkbox" checked=${value} aria-describedby=${said} onChange=${(event) => drawing.set(path, event.target.checked)} />${drawing.label(field, path)}</label>${lines}</div>`;
    }
    const offered = [{value: true, text: drawing.say('yes')}, {value: false, text: drawing.say('no')}];
    if (!field.required) offered.push({value: undefined, text: drawing.say('nothing')});
    return ticks(field, path, drawing, offered, (each) => each === value, (each) => drawing.set(path, each), 'radio');
  },
  choice: (field, path, drawing) => picked(field, path, drawing, worded(field.options, drawing)),
  many: (field, path, drawing) => picked(field, path, drawing, worded(field.options, drawing)),
  code: (field, path, drawing) => searched(field, path, drawing, (typed) => fitting(worded(field.options, drawing), typed)),
  list(field, path, drawing) {
    const rows = at(drawing.value, path) ?? [];
    const most = field.schema.maxItems ?? Infinity;
    const add = () => drawing.set(path, [...rows, emptyOf({...field.item, required: true}) ?? '']);
    const remove = (index) => drawing.set(path, rows.filter((_, other) => other !== index));
    const name = drawing.label(field, path);
    return grouped(field, path, drawing, html`${rows.map((_, index) => html`<div class="one" key=${index}>
      ${draw({...field.item, name: String(index + 1), title: `${name} ${index + 1}`, help: undefined, required: !field.item.nullable}, [...path, index], drawing)}
      <button type="button" class="link" onClick=${() => remove(index)} aria-label=${drawing.say('remove_row', {name, number: index + 1})}>${drawing.say('remove')}</button></div>`)}
      ${rows.length < most && html`<button type="button" onClick=${add} aria-label=${drawing.say('add_row', {name})}>${drawing.say('add')}</button>`}`, 'rows');
  },
  object(field, path, drawing) {
    const inside = field.fields.map((each) => draw(each, [...path, each.name], drawing));
    return path.length ? grouped(field, path, drawing, inside, 'part') : inside;
  },
  map(field, path, drawing) {
    const keys = drawing.keys(path, field) ?? field.keys.enum ?? Object.keys(at(drawing.value, path) ?? {});
    const rows = keys.map((key) => draw({...field.item, name: key, title: capital(drawing.code(key)), help: undefined, required: false}, [...path, key], drawing));
    return grouped(field, path, drawing, rows, 'part');
  },
  union(field, path, drawing) {
    const value = at(drawing.value, path);
    const offered = worded(field.variants.map((each) => each.name), drawing);
    const chosen = field.variants.find((each) => each.name === value?.[field.tag]);
    const id = idOf(drawing, [...path, field.tag]);
    return grouped(field, path, drawing, html`<label for=${id}>${drawing.label({...field, name: field.tag}, [...path, field.tag])}</label>
      <select id=${id} onChange=${(event) => drawing.set(path, {[field.tag]: event.target.value})}><option value=""></option>
        ${offered.map((each) => html`<option value=${each.value} selected=${each.value === chosen?.name}>${each.text}</option>`)}</select>
      ${chosen?.fields.filter((each) => each.name !== field.tag).map((each) => draw(each, [...path, each.name], drawing))}`, 'part');
  },
};
