// One command as a form: what was typed, what is wrong with it, how it is sent, what came of it.
import {html, Component} from '../html.js';
import {bodyOf, emptyOf, faultsOf, fieldAt, fieldOf} from './schema.js';
import {draw} from './draw.js';
import {drop, keep, load} from './draft.js';
import {isLost, put, worded} from './said.js';

/** Props: `operation` (of the service's document), `parts`, `given` (what is known already and not asked), `choices`,
 * `following(path)` (fields whose choices follow from this one), `keys`, `frame`, `draft` (its name in this browser), `label`, `send(body, key) → answer`, `done()`. */
export class Form extends Component {
  constructor(props) {
    super(props);
    const {operation, parts, draft} = props;
    this.field = operation.body && fieldOf(operation.body, parts);
    const kept = load(draft);
    const empty = this.field && emptyOf(this.field);
    (this.field?.fields ?? []).filter(({name}) => props.choices([name])).forEach(({name, kind, required}) => {
      const offered = props.choices([name]);
      delete empty[name];
      if (required && offered.length === 1 && !offered.textOf && !['list', 'many'].includes(kind)) empty[name] = offered[0].value;
    });
    this.state = {value: kept?.value ?? (this.field ? empty ?? {} : null), key: kept?.key, text: kept?.text, faults: new Map(), problem: null, state: 'open'};
  }

  set = (path, value) => {
    const gone = this.props.following?.(path) ?? [];
    const next = gone.reduce((tree, each) => put(tree, each, undefined), put(this.state.value, path, value));
    const faults = new Map([...this.state.faults].filter(([at]) => !at.startsWith(path.map((each) => `/${each}`).join(''))));
    this.setState({value: next, faults});
    keep(this.props.draft, {value: next, key: this.state.key, text: this.state.text});
  };

  body() {
    const {operation, given} = this.props;
    if (!this.field) return undefined;
    const body = bodyOf(this.field, {...this.state.value, ...given});
    return operation.optional && !Object.keys(body).length ? undefined : body;
  }

  submit = async (event) => {
    event.preventDefault();
    if (this.state.state === 'sending') return;
    const body = this.body();
    const faults = this.field ? faultsOf(this.field, body ?? {}) : new Map();
    if (faults.size) return this.refuse(new Map([...faults].map(([at, fault]) => [at, this.say(fault.key, {limit: fault.limit})])), null);
    const text = JSON.stringify(body ?? null);
    const key = text === this.state.text && this.state.key ? this.state.key : crypto.randomUUID();
    keep(this.props.draft, {value: this.state.value, key, text});
    this.setState({state: 'sending', key, text, problem: null, faults: new Map()});
    const answer = await this.props.send(body, key);
    if (answer.ok) {
      drop(this.props.draft);
      return this.setState({state: 'sent'}, () => { this.element?.focus(); this.props.done(); });
    }
    const wrong = (answer.problem?.errors ?? []).filter((each) => each.in === 'body').map((each) => [each.pointer, each.detail]);
    if (!isLost(answer)) keep(this.props.draft, {value: this.state.value});
    return this.refuse(new Map(wrong), answer.problem, isLost(answer) ? {} : {key: undefined, text: undefined});
  };

  refuse(faults, problem, more = {}) {
    this.setState({faults, problem, state: 'open', ...more}, () => {
      const first = this.element?.querySelector('[aria-invalid="true"], .wrong input, .wrong[tabindex]');
      (first ?? this.element?.querySelector('.problem'))?.focus();
    });
  }

  /** Escape closes the form and nothing around it. */
  pressed = (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.props.close();
  };

  say = (key, values) => worded(this.props.frame.words.forms, key, values);

  render({frame, operation, given, choices, since, keys, label, id, close}) {
    const {value, faults, problem, state} = this.state;
    if (state === 'sent') return html`<p class="sent" role="status" tabindex="-1" ref=${(element) => { this.element = element; }}>${this.say('sent')}</p>`;
    const {fields = {}, codes = {}, queues = {}} = frame.words;
    const name = (field, path) => fields[`${operation.id}.${path.join('.')}`] ?? fields[field.name] ?? codes[field.name] ?? sentence(field.title ?? field.name);
    const drawing = {
      value, faults, id, say: this.say, set: this.set, choices: (path) => choices(path, value), since: (path, day) => since(path, day, value), keys, hidden: new Set(Object.keys(given)), zone: frame.clinic.time_zone, calendar: frame.calendar,
      label: (field, path) => (/^\d+$/.test(field.name) ? field.title : name(field, path)),
      code: (each) => codes[each] ?? queues[each] ?? String(each).replaceAll('_', ' ').toLowerCase(),
    };
    return html`<form class="command-form" ref=${(element) => { this.element = element; }} noValidate onKeyDown=${this.pressed} onSubmit=${this.submit} aria-label=${label}>
      ${this.field && draw(this.field, [], drawing)}
      ${problem && html`<div class="problem" role="alert" tabindex="-1"><b>${problem.detail || problem.title}</b>
        ${problem.instead?.length > 0 && html`<p>${this.say('instead', {what: problem.instead.map((each) => frame.words.operations[snake(each)] ?? snake(each).replaceAll('_', ' ')).join(', ')})}</p>`}
        ${elsewhere(faults, this.field)}</div>`}
      <div class="do"><button class="primary" disabled=${state === 'sending'}>${state === 'sending' ? this.say('sending') : label}</button>
        <button type="button" onClick=${close}>${this.say('close')}</button></div></form>`;
  }
}

/** `Not Applicable`, as schemas title it, reads `Not applicable`. */
const sentence = (title) => title.replace(/ [A-Z](?=[a-z])/g, (found) => found.toLowerCase());
const snake = (name) => name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();

/** What is wrong with something that has no place in the form. */
function elsewhere(faults, field) {
  const lost = [...faults].filter(([at]) => !field || !fieldAt(field, at));
  return lost.map(([at, text]) => html`<p>${at}: ${text}</p>`);
}
