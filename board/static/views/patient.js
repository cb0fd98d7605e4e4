// A patient's whole picture on one page: who it is about and what comes next on top, then one section a subject.
import {get} from '../api.js';
import {html, Component} from '../html.js';
import {now} from '../clock.js';
import {nameOf} from '../names.js';
import {acts, actsOf, useFrame} from '../patient/acts.js';
import {usePatient, useRound} from '../patient/read.js';
import {read, sections} from '../patient/sections.js';
import {isUnsaid, Purpose} from '../purpose.js';
import {code, ended, t, time, useClinic} from '../patient/texts.js';

const NAME_MS = 30_000;
const OPEN_ALERT = new Set(['raised', 'acknowledged', 'assessed']);

/** Props: `id`, `frame`, `board`. */
export class PatientPage extends Component {
  constructor(props) {
    super(props);
    useClinic(props.frame);
    useFrame(props.frame, props.id, () => props.board.acted());
    usePatient(props.id);
    this.state = {label: null, name: null, eager: false};
  }

  async componentDidMount() {
    addEventListener('beforeprint', this.whole = () => this.setState({eager: true}));
    const {body} = await get('referral', `/labels?patient_id=${this.props.id}`);
    this.setState({label: body?.labels?.[0]?.label ?? t('no_label')});
  }

  componentDidUpdate() {
    if (this.printing && !this.base.querySelector('[data-waiting]')) this.print();
  }

  componentWillUnmount() {
    removeEventListener('beforeprint', this.whole);
    clearTimeout(this.hiding);
    this.watch?.disconnect();
  }

  /** The name by right; recorded by the service before it comes, hidden again after a while. */
  async showName() {
    const {name, refused} = await nameOf(this.props.id);
    this.setState({name: name || refused || t('no_name')});
    this.hiding = setTimeout(() => this.setState({name: null}), NAME_MS);
  }

  /** Reads what was not read yet, then prints. */
  readAll() {
    this.printing = true;
    this.setState({eager: true});
    this.watch = new MutationObserver(() => this.componentDidUpdate());
    this.watch.observe(this.base, {childList: true, subtree: true});
  }

  print() {
    this.printing = false;
    this.watch?.disconnect();
    window.print();
  }

  render({id, frame, board}, {label, name, eager}) {
    useRound(board.fresh.round);
    const at = new Date(now()).toISOString();
    return html`<main id="main" class="patient" ref=${(element) => { this.base = element; }}>
      <header><h1 tabindex="-1"><span class="label">${label ?? t('loading')}</span></h1>
        ${name ? html`<b class="name" role="status">${name}</b>` : html`<button onClick=${() => this.showName()}>${t('show_name')}</button>`}
        <button class="print" onClick=${() => this.readAll()}>${t('print')}</button></header>
      <p class="printed">${t('printed', {when: time(at), who: frame.staff.name})}</p>
      ${isUnsaid(frame, id) ? html`<${Purpose} frame=${frame} patient=${id} then=${() => this.forceUpdate()} />` : this.parts(at, eager)}
    </main>`;
  }

  parts(at, eager) {
    const {id} = this.props;
    const all = Object.entries(sections(id, at));
    const top = (part, service, path, view) => html`<section class="panel top-part" aria-labelledby=${`top-${part}`}><h2 id=${`top-${part}`}>${t(part)}</h2>${read({service, path: `/patients/${id}/${path}`, view}, true)}</section>`;
    return html`
      <div class="tops">
        ${top('about', 'referral', 'summary', about)}
        ${top('alerts', 'care_plan', 'safety-alerts', alerts)}
        ${top('next', 'worklist', 'next-step', next)}
        ${top('consent', 'notifications', 'consents', consents)}
      </div>
      <section id="do" class="panel" aria-labelledby="do-title"><h2 id="do-title">${t('do')}</h2>${actsOf('patient', {id})}</section>
      <nav class="index panel" aria-label=${t('index')}><ul>${all.map(([part]) => html`<li><a href=${`#${part}`}>${t(part)}</a></li>`)}</ul></nav>
      <div class="sections">${all.map(([part, parts]) => html`<section key=${part} id=${part} class="panel" aria-labelledby=${`${part}-title`}>
        <h2 id=${`${part}-title`}>${t(part)}</h2>${parts(eager).map((each) => read(each, eager))}</section>`)}</div>`;
  }
}

function about({age_band: age, is_dead: dead, known_as: into, open_flags: flags}) {
  return html`<p>${age ? t('aged', {age: age.replace('-', '\u2013')}) : t('no_age')}${dead && html` <span class="tag late">${t('dead')}</span>`}</p>
    ${into && html`<p><a href=${`/board/patients/${into}`}>${t('known_as')}</a></p>`}
    ${flags.length ? html`<ul class="flags">${flags.map((each) => html`<li><b>${t('red_flag')}</b> ${code(each.flag)} <span class="tag late">${each.severity ? code(each.severity) : t('unclear')}</span></li>`)}</ul>` : html`<p>${t('no_flags')}</p>`}`;
}

function alerts({alerts: all}) {
  const open = all.filter((each) => OPEN_ALERT.has(each.status));
  return open.length ? html`<ul class="flags">${open.map((each) => html`<li><b>${each.withheld ? t('safety_alert') : code(each.code)}</b> <span class="tag late">${code(each.status)}</span>
    ${each.withheld ? html`<br />${t('withheld')}` : html` ${time(each.raised_at)}`}${acts('alert', each)}</li>`)}</ul>` : html`<p>${t('no_alerts')}</p>`;
}

function next({episodes}) {
  const going = episodes.filter((each) => each.status !== 'ended');
  if (!going.length) return html`<p>${t('no_episode')}</p>`;
  return html`<ul>${going.map(({next: step, steps}) => html`<li>${step ? stepOf(step) : html`<b class="late">${t('no_step')}</b>`}${steps.length > 1 && html`<br /><small>${t('and_more', {count: steps.length - 1})}</small>`}</li>`)}</ul>`;
}

function stepOf(step) {
  if (step.step !== 'item') return html`<b>${t(`step_${step.step}`)}</b> ${step.start ? time(step.start) : step.until && ended(t('until', {when: time(step.until)}))}`;
  const late = step.due_at && Date.parse(step.due_at) < now();
  return html`<a href=${`/board/${step.queue}/${step.subject_id}`}><b>${code(step.item_type)}</b></a> ${step.due_at && html`<span class=${late ? 'tag late' : ''}>${t(late ? 'was_due' : 'due_by', {when: time(step.due_at)})}</span>`}
    <br />${step.claimed_by ? t('with', {who: step.claimed_by_name ?? t('unknown_person'), queue: code(step.queue)}) : t('in_queue', {queue: code(step.queue)})}`;
}

const consents = ({consents: all}) => (all.length ? html`<ul>${all.map((each) => html`<li>${code(each.channel)}: <b>${code(each.status)}</b></li>`)}</ul>` : html`<p>${t('no_consent')}</p>`);
