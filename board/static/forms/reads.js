// What the forms of an item need: the services' documents, what is read about a thing, and what can be picked.
import {get, listOf} from '../api.js';
import {readOf} from '../purpose.js';
import {found} from './said.js';
import {instant, shown} from './moments.js';

const documents = new Map();

/** What forms need of a service's document, fetched once. */
export function documentOf(service) {
  if (!documents.has(service)) {
    const asked = fetch(`/board/openapi/${service}.json`, {credentials: 'same-origin'}).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)));
    documents.set(service, asked.catch(() => { documents.delete(service); return null; }));
  }
  return documents.get(service);
}

const askable = new Map();

/** What the viewer may ask of a service at all, of whatever it is; asked once, nothing where it does not say. @returns {Promise<object[]|null>} */
export function askableOf(service) {
  if (!askable.has(service)) {
    askable.set(service, get(service, '/actions').then((answer) => {
      if (!answer.ok) askable.delete(service);
      return answer.ok ? listOf(answer, 'actions') : null;
    }));
  }
  return askable.get(service);
}

/** What is read about a thing: by name, each once. Names of reads are those of the `work` table. */
export class Reads {
  constructor(frame, known) {
    Object.assign(this, {reads: frame.work.reads, services: frame.services, zone: frame.clinic.time_zone, known: {...known}, asked: {}, homes: {}});
  }

  /** The value of a source: `patient`, `plan.id`; reads what it needs. */
  async value(source) {
    const name = source.split('.')[0];
    if (!(name in this.known) && this.reads[name]) await this.read(name);
    return found(this.known, source);
  }

  read(name) {
    this.asked[name] ??= this.fetched(name);
    return this.asked[name];
  }

  async fetched(name) {
    const {service, path} = this.reads[name];
    const address = await this.filled(path);
    if (!address) return null;
    let refused = null;
    for (const each of service === '*' ? this.services : [service]) {
      const answer = await this.get(each, address);
      if (!answer.ok && service === '*') {
        if (answer.status === 403) refused = {...answer, address, service: each};
        continue;
      }
      this.known = {...this.known, [name]: answer.ok ? answer.body : undefined};
      this.homes[name] = each;
      return {...answer, address, service: each};
    }
    return refused;
  }

  get(service, path) {
    return readOf(this.known.patient_id ?? null, service, path);
  }

  /** The value of a source as it is from a day on, and for other parts of its path. */
  from(source, parameter, day, values) {
    return this.anew(source, parameter, day && instant(`${day}T00:00`, this.zone), values);
  }

  /** The value of a source with a parameter: the read is asked for again. */
  async anew(source, parameter, wanted, values) {
    const name = source.split('.')[0];
    const {service, path} = this.reads[name];
    const address = await this.filled(path, values);
    const more = wanted && `${path.includes('?') ? '&' : '?'}${parameter}=${encodeURIComponent(wanted)}`;
    const answer = await this.get(service, `${address}${more}`);
    return answer.ok ? found({[name]: answer.body}, source) : [];
  }

  /** A path with every `{source}` in place; nothing where one is not known. */
  async filled(path, values = {}) {
    const names = [...path.matchAll(/\{([\w.[\]]+)\}/g)].map((each) => each[1]);
    const told = await Promise.all(names.map((name) => values[name] ?? this.value(name)));
    if (told.some((each) => [each].flat()[0] === undefined || each === null)) return null;
    return names.reduce((address, name, index) => address.replace(`{${name}}`, encodeURIComponent([told[index]].flat()[0])), path);
  }
}

/** Codes that fit what is typed; none where they can't be had. @returns {Promise<import('./combobox.js').Option[]>} */
async function search(name, typed) {
  const answer = await fetch(`/board/codes/${name}.json?find=${encodeURIComponent(typed)}`, {credentials: 'same-origin'}).catch(() => null);
  return answer?.ok ? (await answer.json()).entries.map(({code, words, beside}) => ({value: code, text: words, beside})) : [];
}

/** What may be picked; of times those from a day on; `values`: of the fields beside, where it follows from them; `search`: where it is found by typing. @returns {Promise<{value: any, text: string}[]>} */
export async function offered(reads, offer, frame, day = '', values = undefined) {
  if (offer.search && !offer.each) return {search: (typed) => search(offer.search, typed)};
  if (offer.list) {
    const answer = await fetch(`/board/lists/${offer.list}.json`, {credentials: 'same-origin'});
    return answer.ok ? (await answer.json()).entries.map(({code, words}) => ({value: code, text: words})) : [];
  }
  const {codes} = frame.words;
  if (offer.codes) return offer.codes.map((value) => ({value, text: codes[value] ?? value}));
  const where = await Promise.all(Object.entries(offer.where ?? {}).map(async ([name, source]) => [name, await reads.value(source)]));
  const listed = (all) => [all ?? []].flat().filter((each) => where.every(([name, value]) => value === undefined || found(each, name) === value));
  const text = (value) => (/^\d{4}-.*T/.test(value) ? shown(value, frame.clinic.time_zone) : codes[value] ?? reads.names?.[value] ?? String(value).replaceAll('_', ' '));
  const valueOf = (each) => (Array.isArray(offer.value) ? Object.fromEntries(offer.value.map((name) => [name, each[name]])) : typeof each === 'object' ? each[offer.value] : each);
  const textOf = (each) => offer.text.map((name) => found(each, name)).filter(Boolean).map(text).join(', ');
  const picks = (all) => listed(all).map((each) => ({value: valueOf(each), text: textOf(each) || text(valueOf(each))})).filter(({value}) => value !== undefined);
  if (offer.search) return {search: async (typed) => picks(await reads.anew(offer.each, offer.search, typed))};
  const told = picks(day || values ? await reads.from(offer.each, offer.since, day, values) : await reads.value(offer.each));
  return offer.since ? Object.assign(told, {since: day, textOf}) : told;
}
