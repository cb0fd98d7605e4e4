// The commands of an item: which there are, which may be given and why not, each as its form.
import {html, Component} from '../html.js';
import {listOf, send} from '../api.js';
import {begun, say} from '../words.js';
import {isUnsaid, Purpose} from '../purpose.js';
import {Form} from '../forms/form.js';
import {load, nameOf, readDrafts} from '../forms/draft.js';
import {askableOf, documentOf, offered, Reads} from '../forms/reads.js';
import {at, plain, worded} from '../forms/said.js';

/** Where it stands what may be done with a thing. */
const ACTIONS = '/actions';

/** Who is asked whether a command may be given: the thing that it is about; where there is none, the service. */
const judge = ({seen, service}) => seen ?? `any ${service}`;

/** No times yet, and why: `after` which field, or `loading`. */
const noTimes = (more) => Object.assign([], {since: '', textOf: () => '', ...more});

/** By then the other services know what was done. */
const SPREAD_MS = [1000, 4000];

const Away = () => html`<p class="note">${say('part_failed')}</p>`;

/** Commands with their forms. Props: `frame`, `commands` (of the `work` table), `known` (ids), `subject` (a name for drafts),
 * `beside` (names of reads that are shown). */
export class Commands extends Component {
  constructor(props) {
    super(props);
    this.reads = new Reads(props.frame, {...props.known, me: props.frame.staff.id});
    this.state = {open: null, may: {}, ready: {}, asking: 0};
  }

  async componentDidMount() {
    const {commands, subject, frame, known} = this.props;
    if (isUnsaid(frame, known.patient_id)) return;
    const asked = this.ask();
    await readDrafts(frame);
    const kept = commands.find((each) => load(nameOf(subject, each.operation, frame.staff.id)));
    if (kept) this.open(kept);
    if (this.props.beside?.length) import('../patient/beside.js').then(({Beside}) => this.setState({Beside}), () => this.setState({Beside: Away}));
    await asked;
  }

  /** What may be done as things stand. */
  async ask() {
    const {commands} = this.props;
    const names = [...new Set(commands.map((each) => each.seen).filter(Boolean))];
    this.setState(({asking}) => ({asking: asking + 1}));
    const services = [...new Set(commands.filter((each) => !each.seen).map((each) => each.service))];
    const begin = services.map(async (service) => {
      const told = await askableOf(service);
      if (told) this.setState(({may}) => ({may: {...may, [judge({service})]: told}}));
    });
    await Promise.all(names.map(async (name) => {
      const seen = await this.reads.read(name);
      if (!seen || seen.status === 404) return this.setState(({may}) => ({may: {...may, [name]: []}})); // there is no such thing yet
      if (seen.status === 403) return this.setState(({may}) => ({may: {...may, [name]: seen.problem.detail}}));
      const answer = seen.address.endsWith(ACTIONS) ? seen : seen.ok && await this.reads.get(seen.service, seen.address + ACTIONS);
      if (answer?.ok) this.setState(({may}) => ({may: {...may, [name]: listOf(answer, 'actions')}}));
    }).concat(begin));
    this.setState(({asking}) => ({asking: asking - 1}));
  }

  /** What the service says of it: allowed, or why not. Silent where it has nothing to say. */
  said(command) {
    const actions = this.state.may[judge(command)];
    if (!actions) return {allowed: true};
    if (typeof actions === 'string') return {allowed: false, reason: actions};
    const told = actions.find((each) => each.action === command.action);
    if (!told) return command.seen ? {allowed: false, reason: this.say('not_now')} : {allowed: true};
    const who = [...told.roles ?? [], ...told.disciplines ?? []].map((each) => each.replaceAll('_', ' ')).join(', ');
    return {...told, reason: begun(told.reason) || this.say('only', {who})};
  }

  /** The service has said that it may be done. */
  known(command) {
    return this.state.may[judge(command)] && this.said(command).allowed;
  }

  say(key, values) {
    return worded(this.props.frame.words.forms, key, values);
  }

  open = async (command) => {
    const again = this.state.sent === command.operation;
    this.setState(({ready}) => ({open: command.operation, sent: null, ready: again ? {...ready, [command.operation]: undefined} : ready}));
    if (again || !this.state.ready[command.operation]?.document) await this.prepare(command);
  };

  /** Everything that its form needs; where that cannot be had now, it says so. */
  async prepare(command) {
    const prepared = await this.gathered(command).catch(() => ({document: null}));
    this.setState(({ready}) => ({ready: {...ready, [command.operation]: prepared}}));
  }

  async gathered(command) {
    const {frame} = this.props;
    const service = command.service === '*' ? (await this.reads.read(command.seen))?.service : command.service;
    const document = service && await documentOf(service);
    const of = (sources) => Promise.all(Object.entries(sources ?? {}).map(async ([name, source]) => [name, source.startsWith('list:') ? (await offered(this.reads, {list: source.slice(5)}, frame)).map(({value}) => value) : await this.reads.value(source)]));
    const [given, keys] = await Promise.all([of(command.given), of(command.keys)]);
    await Promise.all([this.named(), readDrafts(frame)]);
    const picks = Object.entries(command.path).filter(([, source]) => typeof source !== 'string');
    const offers = await Promise.all([...Object.entries(command.offers ?? {}), ...picks].map(async ([name, offer]) => [name, await this.offer(name, offer)]));
    return {service, document, given: Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null)), keys: Object.fromEntries(keys), offers: Object.fromEntries(offers), picks: picks.map(([name]) => name)};
  }

  /** It is done: the other commands begin from what is true now. */
  done(command) {
    this.setState(({ready}) => ({ready: {[command.operation]: ready[command.operation]}, sent: command.operation}));
    this.anew();
    this.waits = SPREAD_MS.map((wait) => setTimeout(() => (!this.state.open || this.state.sent) && this.anew(), wait));
    this.props.sent?.(command);
  }

  componentWillUnmount() {
    this.waits?.forEach(clearTimeout);
  }

  /** Things may stand otherwise now. */
  anew() {
    this.reads = new Reads(this.props.frame, {...this.props.known, me: this.props.frame.staff.id});
    return this.ask();
  }

  /** What is offered for a field of a form; where that follows from the field beside it, for what stands there. */
  choices(command, path, value) {
    const name = plain(path);
    const {by} = command.offers?.[name] ?? {};
    const ready = this.state.ready[command.operation];
    if (!by) return ready.offers[name] ?? null;
    const beside = at(value, [...path.slice(0, -1), by]);
    if (!beside) return noTimes({after: by});
    if (!(beside in ready.offers[name])) this.since(command, path, '', value);
    return ready.offers[name][beside];
  }

  /** Other times of a list: those from a day on. */
  async since(command, path, day, value) {
    const {operation, offers} = command;
    const name = plain(path);
    const offer = offers[name];
    const beside = offer.by && at(value, [...path.slice(0, -1), offer.by]);
    if (offer.by && !beside) return;
    const known = this.state.ready[operation].offers[name];
    if (offer.by) known[beside] = noTimes({since: day, loading: true});
    const asked = known[beside];
    await this.named();
    const listed = await offered(this.reads, offer, this.props.frame, day, offer.by && {[offer.by]: beside});
    if (asked !== known[beside]) return; // another day is looked at
    if (offer.by) known[beside] = listed;
    this.setState(({ready}) => ({ready: {...ready, [operation]: {...ready[operation], offers: {...ready[operation].offers, [name]: offer.by ? known : listed}}}}));
  }

  /** The fields whose choices follow from this one. */
  following(command, path) {
    const around = path.slice(0, -1);
    const names = Object.keys(command.offers ?? {}).filter((name) => command.offers[name].by === path.at(-1));
    return names.map((name) => [...around, name.split('.').at(-1)]).filter((each) => names.includes(plain(each)));
  }

  /** What can be picked; a part of the path that can only be one is that one. Of several a person chooses. */
  async offer(name, offer) {
    if (offer.by) return {};
    const found_ = await offered(this.reads, offer, this.props.frame);
    if (found_.search) return found_;
    const alone = new Set(found_.map(({value}) => JSON.stringify(value))).size === 1;
    if (alone && !(name in this.reads.known)) this.reads.known[name] = found_[0].value;
    return found_;
  }

  /** Words for the ids and codes that lists show. */
  async named() {
    if (this.reads.names) return;
    const lists = await Promise.all(['staff', 'locations'].map((list) => offered(this.reads, {list}, this.props.frame).catch(() => [])));
    this.reads.names ??= Object.fromEntries(lists.flat().map(({value, text}) => [value, text]));
  }

  pick = async (command, name, value) => {
    this.reads.known[name] = value;
    this.reads.asked = Object.fromEntries(Object.entries(this.reads.asked).filter(([read]) => !this.reads.reads[read].path.includes(`{${name}}`)));
    Object.keys(this.reads.reads).forEach((read) => { if (this.reads.reads[read].path.includes(`{${name}}`)) delete this.reads.known[read]; });
    this.setState(({ready}) => ({ready: {...ready, [command.operation]: undefined}}));
    await this.prepare(command);
  };

  async send(command, ready, body, key) {
    const {method, path} = ready.document.operations[command.operation];
    const values = Object.fromEntries(await Promise.all(Object.entries(command.path).map(async ([name, source]) => [name, typeof source === 'string' ? await this.reads.value(source) : this.reads.known[name]])));
    const unsaid = ready.picks.find((name) => ready.offers[name].length && values[name] === undefined);
    if (unsaid) return {ok: false, status: 422, problem: {title: this.say('required'), detail: `${this.props.frame.words.fields?.[unsaid] ?? unsaid}: ${this.say('required')}`}};
    const address = await this.reads.filled(path, values);
    if (!address) return {ok: false, status: 404, problem: {title: this.say('missing'), detail: this.say('missing')}};
    const seen = command.seen && await this.reads.read(command.seen);
    const answer = await send(ready.service, method, address, body, {etag: seen?.etag, key});
    if (answer.status === 412) await this.anew();
    return answer;
  }

  /** What it is read for is said. */
  go = () => {
    this.forceUpdate();
    this.componentDidMount();
  };

  render({frame, commands, subject, known, beside}) {
    if (isUnsaid(frame, known.patient_id)) return html`<div class="work"><${Purpose} frame=${frame} patient=${known.patient_id} then=${this.go} /></div>`;
    const {open, Beside} = this.state;
    const label = (command) => frame.words.operations?.[command.operation] ?? command.operation.replaceAll('_', ' ');
    return html`<div class="work" role="group" aria-label=${this.say('work')} ref=${(element) => { this.element = element; }}>
      <div class="commands" aria-busy=${String(this.state.asking > 0)}>${commands.filter((command) => !command.quiet || this.known(command)).map((command) => {
        const {allowed, reason} = this.said(command);
        return html`<span key=${command.operation}><button class=${open === command.operation ? 'open' : ''} aria-expanded=${open === command.operation ? 'true' : 'false'}
          aria-disabled=${allowed ? undefined : 'true'} aria-describedby=${allowed ? undefined : `why-${command.operation}`} data-operation=${command.operation}
          onClick=${() => (!allowed ? this.anew() : open === command.operation && this.state.sent !== open ? this.setState({open: null}) : this.open(command))}>${label(command)}</button>
          ${!allowed && html`<small class="why" id=${`why-${command.operation}`}>${reason}</small>`}</span>`;
      })}</div>
      ${commands.filter((command) => command.operation === open).map((command) => this.form(command, label(command), subject))}
      ${Beside && html`<${Beside} frame=${frame} names=${beside} reads=${this.reads} patient=${known.patient_id ?? null} />`}
    </div>`;
  }

  form(command, label, subject) {
    const {frame} = this.props;
    const ready = this.state.ready[command.operation];
    if (!ready) return html`<p class="note" role="status">${this.say('loading')}</p>`;
    const operation = ready.document?.operations[command.operation];
    if (!operation) return html`<p class="problem" role="alert">${this.say('away')}</p>`;
    const text = (value) => `${JSON.stringify(value)}`;
    return html`<div key=${command.operation} class="command">
      ${ready.picks.map((name) => html`<div class="field" key=${name}><label for=${`pick-${name}`}>${frame.words.fields?.[name] ?? name}</label>
        <select id=${`pick-${name}`} aria-required="true" onChange=${(event) => event.target.value && this.pick(command, name, JSON.parse(event.target.value))}>${this.reads.known[name] === undefined && html`<option value="" selected>${this.say('choose')}</option>`}${ready.offers[name].map((each) => html`<option value=${text(each.value)} selected=${text(each.value) === text(this.reads.known[name])}>${each.text}</option>`)}</select>
        ${!ready.offers[name].length && html`<p class="fault">${this.say('none_offered')}</p>`}</div>`)}
      <${Form} key=${command.operation} id=${`f-${command.operation}`} operation=${{...operation, id: command.operation}} parts=${ready.document.schemas} given=${ready.given} frame=${frame}
        draft=${nameOf(subject, command.operation, frame.staff.id)} label=${label} choices=${(path, value) => this.choices(command, path, value)} following=${(path) => this.following(command, path)}
        since=${(path, day, value) => this.since(command, path, day, value)} keys=${(path) => ready.keys[plain(path)] ?? null}
        send=${(body, key) => this.send(command, ready, body, key)} done=${() => this.done(command)} close=${() => this.setState({open: null}, () => this.element.querySelector(`[data-operation="${command.operation}"]`)?.focus())} /></div>`;
  }
}

/** The work of one item, and what its lead may do with it. @param {{item: object, frame: object, actions: object[]}} props */
export function Work({item, frame, actions}) {
  const {do: own = [], why: note, beside} = frame.work?.items?.[item.item_type] ?? {};
  const leading = (frame.work?.day?.item ?? []).filter(({action}) => actions?.some((each) => each.action === action && each.allowed));
  const commands = [...own, ...leading];
  const {item_id, subject_id, referral_id, patient_id} = item;
  if (!commands.length) return note ? html`<p class="note">${note}</p>` : null;
  return html`${!own.length && note && html`<p class="note">${note}</p>`}<${Commands} key=${item_id} frame=${frame} commands=${commands} beside=${beside} known=${{item_id, subject_id, referral_id, patient_id}} subject=${item_id} />`;
}
