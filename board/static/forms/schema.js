// JSON Schema as a form sees it: a tree of fields, and back: is a value right, and what is sent of it. Pure.

const LONG = 500;
/** Of rules, in what developers read: `(REF-12)`. */
const IDS_OF_RULES = / \([A-Z]{2,4}-\d{2}\)/g;
/** Codes of which there is no list: people write them in plain words. */
const WORDS = '^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$';

/** A schema with what it refers to in place of the reference. What stands beside a reference wins. */
export function resolve(schema, parts) {
  if (!schema.$ref) return schema;
  const {$ref, ...beside} = schema;
  return {...resolve(parts[$ref.split('/').pop()] ?? {}, parts), ...beside};
}

/** @typedef {{name: string, kind: string, title: string, help?: string, required: boolean, nullable: boolean,
 *   schema: object, options?: string[], open?: boolean, fields?: Field[], item?: Field, keys?: object, variants?: Field[]}} Field */

/** The tree of fields of a schema. @returns {Field} */
export function fieldOf(given, parts, name = '', required = true) {
  const outer = resolve(given, parts);
  const listed = outer.anyOf ?? outer.oneOf ?? [];
  const choices = listed.map((each) => resolve(each, parts)).filter((each) => each.type !== 'null');
  const nullable = choices.length < listed.length;
  const beside = Object.fromEntries(Object.entries(outer).filter(([key]) => key !== 'anyOf' && key !== 'oneOf'));
  const schema = choices.length === 1 ? {...choices[0], ...beside} : outer;
  const field = {name, required, nullable, schema, title: schema.title ?? name, help: schema.description?.replace(IDS_OF_RULES, '')};
  if (choices.length > 1) return {...field, ...united(choices, outer, parts, name)};
  return {...field, ...shaped(schema, parts, name)};
}

/** Several ways in which one value may look. */
function united(choices, outer, parts, name) {
  const texts = choices.every((each) => each.type === 'string');
  if (texts) return {kind: 'code', open: choices.some((each) => !each.enum), options: choices.flatMap((each) => each.enum ?? each['x-codes'] ?? [])};
  if (outer.discriminator) {
    const tag = outer.discriminator.propertyName;
    return {kind: 'union', tag, variants: choices.map((each) => fieldOf(each, parts, String(tagOf(each, tag))))};
  }
  return {kind: 'number', open: true, choices: choices.map((each) => fieldOf(each, parts, name))};
}

const tagOf = (schema, tag) => schema.properties?.[tag]?.const ?? schema.properties?.[tag]?.enum?.[0];

function shaped(schema, parts, name) {
  if (schema.enum || 'const' in schema) return {kind: 'choice', options: schema.enum ?? [schema.const]};
  switch (schema.type) {
    case 'boolean': return {kind: 'yesno'};
    case 'integer': case 'number': return {kind: 'number'};
    case 'array': return listed(schema, parts, name);
    case 'object': return held(schema, parts);
    default: return written(schema);
  }
}

function written(schema) {
  if (schema['x-codes']) return {kind: 'code', open: true, options: schema['x-codes']};
  if (schema.pattern === WORDS) return {kind: 'words'};
  const kinds = {date: 'date', 'date-time': 'moment', uuid: 'id'};
  return {kind: kinds[schema.format] ?? ((schema.maxLength ?? 0) >= LONG ? 'note' : 'text')};
}

function listed(schema, parts, name) {
  const item = fieldOf(schema.items ?? {}, parts, name);
  return item.kind === 'choice' ? {kind: 'many', item, options: item.options} : {kind: 'list', item};
}

function held(schema, parts) {
  if (schema.properties) {
    const needed = schema.required ?? []; // first, in the order in which they are written down; the rest by name
    const names = [...new Set([...needed, ...Object.keys(schema.properties)])].filter((name) => name in schema.properties);
    return {kind: 'object', fields: names.map((name) => fieldOf(schema.properties[name], parts, name, needed.includes(name)))};
  }
  const [pattern, inside] = Object.entries(schema.patternProperties ?? {})[0] ?? [];
  const keys = {type: 'string', ...(pattern && {pattern}), ...resolve(schema.propertyNames ?? {}, parts)};
  return {kind: 'map', keys, item: fieldOf(inside ?? (schema.additionalProperties || {}), parts)};
}

const isEmpty = (value) => value === undefined || value === '' || value === null;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is sent: without what was left empty, numbers as numbers. @param {Field} field @param {any} value */
export function bodyOf(field, value) {
  switch (field.kind) {
    case 'object': return objectOf(field.fields, value ?? {}, field.required);
    case 'map': return mapped(field, value ?? {});
    case 'union': return variantOf(field, value) ? {...bodyOf(variantOf(field, value), value), [field.tag]: value[field.tag]} : undefined;
    case 'list': return (value ?? []).map((each) => bodyOf({...field.item, required: true}, each) ?? (field.item.nullable ? null : each));
    case 'many': return value ?? [];
    case 'number': return numberOf(field, value);
    case 'words': return isEmpty(value) ? undefined : coded(value) || undefined;
    default: return isEmpty(value) ? undefined : typeof value === 'string' ? value.trim() || undefined : value;
  }
}

/** `Spinal surgery` is `spinal_surgery`. */
const coded = (value) => (typeof value === 'string' ? value.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean).join('_') : value);

const variantOf = (field, value) => field.variants.find((each) => each.name === value?.[field.tag]);

function numberOf(field, value) {
  if (isEmpty(value)) return undefined;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
}

function objectOf(fields, value, required) {
  const said = {};
  for (const field of fields) {
    const told = bodyOf(field, value[field.name]);
    if (told !== undefined && (field.required || !isNothing(told))) said[field.name] = told;
  }
  return required || Object.keys(said).length ? said : undefined;
}

const isNothing = (value) => (Array.isArray(value) ? !value.length : isObject(value) && !Object.keys(value).length);

function mapped(field, value) {
  const told = Object.entries(value).map(([key, each]) => [key, bodyOf({...field.item, required: false}, each)]);
  return Object.fromEntries(told.filter(([, each]) => each !== undefined && !isNothing(each)));
}

/** What is wrong with a body, every fault of it: by JSON pointer, a key of words and what it is filled with.
 * @param {Field} field @param {any} body @returns {Map<string, {key: string, limit?: any}>} */
export function faultsOf(field, body, at = '', found = new Map()) {
  const wrong = (key, limit) => found.has(at) || found.set(at, {key, limit});
  if (body === undefined || body === null) {
    if (body === null ? !field.nullable : field.required) wrong('required');
  } else FAULTS[field.kind](field, body, at, found, wrong);
  return found;
}

const text = (field, value, at, found, wrong) => {
  if (typeof value !== 'string') return wrong('format');
  const {pattern, maxLength, minLength = 0, format} = field.schema;
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return wrong('long', maxLength);
  if (length < minLength) return wrong('short', minLength);
  const listed = field.options?.includes(value);
  if (field.choices || listed) return null;
  if (pattern && !new RegExp(pattern, 'u').test(value)) return wrong('format');
  if ((format === 'date' || format === 'date-time') && !isDay(value.slice(0, 10))) return wrong('day');
  return null;
};

/** Whether there is such a day: 30 February is none. */
export function isDay(written) {
  const day = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(written);
}

const FAULTS = {
  text, words: text, note: text, date: text, moment: text, id: text,
  code(field, value, at, found, wrong) {
    if (field.options.includes(value)) return;
    const others = (field.schema.anyOf ?? [field.schema]).filter((each) => each.pattern);
    const fits = (each) => new RegExp(each.pattern, 'u').test(value) && [...value].length <= (each.maxLength ?? Infinity);
    if (typeof value !== 'string' || !others.some(fits)) wrong('code');
  },
  choice: (field, value, at, found, wrong) => field.options.includes(value) || wrong('choice'),
  yesno: (field, value, at, found, wrong) => typeof value === 'boolean' || wrong('choice'),
  number(field, value, at, found, wrong) {
    if (field.choices) {
      if (!field.choices.some((each) => !faultsOf(each, value).size)) wrong('number');
      return;
    }
    const {minimum = -Infinity, maximum = Infinity} = field.schema;
    if (!Number.isInteger(value)) wrong('number');
    else if (value < minimum) wrong('least', minimum);
    else if (value > maximum) wrong('most', maximum);
  },
  many(field, value, at, found, wrong) {
    if (!Array.isArray(value)) return wrong('format');
    count(field.schema, value, wrong);
    value.forEach((each) => field.options.includes(each) || wrong('choice'));
    return null;
  },
  list(field, value, at, found, wrong) {
    if (!Array.isArray(value)) return wrong('format');
    count(field.schema, value, wrong);
    value.forEach((each, index) => faultsOf({...field.item, required: true}, each, `${at}/${index}`, found));
    return null;
  },
  object(field, value, at, found, wrong) {
    if (!isObject(value)) return wrong('format');
    field.fields.forEach((each) => faultsOf(each, value[each.name], `${at}/${each.name}`, found));
    const known = new Set(field.fields.map((each) => each.name));
    Object.keys(value).filter((name) => !known.has(name)).forEach((name) => found.set(`${at}/${name}`, {key: 'unknown'}));
    return null;
  },
  map(field, value, at, found, wrong) {
    if (!isObject(value)) return wrong('format');
    const {maxProperties = Infinity, minProperties = 0} = field.schema;
    const names = Object.keys(value);
    if (names.length < minProperties) wrong('few', minProperties);
    if (names.length > maxProperties) wrong('many', maxProperties);
    const key = fieldOf(field.keys, {});
    names.forEach((name) => (faultsOf(key, name).size ? found.set(`${at}/${name}`, {key: 'unknown'}) : faultsOf({...field.item, required: true}, value[name], `${at}/${name}`, found)));
    return null;
  },
  union: (field, value, at, found, wrong) => {
    const variant = variantOf(field, value);
    return variant ? faultsOf(variant, value, at, found) : wrong('required');
  },
};

function count({minItems = 0, maxItems = Infinity}, value, wrong) {
  if (value.length < minItems) wrong('few', minItems);
  if (value.length > maxItems) wrong('many', maxItems);
}

/** The field at a pointer, for whoever wants its title. @returns {Field|undefined} */
export function fieldAt(field, pointer) {
  return pointer.split('/').slice(1).reduce((at, step) => at && (at.fields?.find((each) => each.name === step) ?? at.item), field);
}

/** What is there before anybody typed: defaults, one row where one is needed. */
export function emptyOf(field) {
  if (field.schema.default !== undefined && field.schema.default !== null) return structuredClone(field.schema.default);
  if (field.kind === 'object') {
    const filled = field.fields.map((each) => [each.name, emptyOf(each)]).filter(([, each]) => each !== undefined);
    return field.required ? Object.fromEntries(filled) : undefined;
  }
  if (field.kind === 'list' && field.required && field.schema.minItems) return Array.from({length: field.schema.minItems}, () => emptyOf(field.item) ?? '');
  if (field.options?.length === 1 && field.required && !field.open) return field.options[0];
  return undefined;
}
