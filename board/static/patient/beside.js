// What somebody must see to decide about an item: the reads that the table of work names beside it, drawn as on the patient
// page. What is recorded when it is read is read when somebody opens it.
import {html, Component} from '../html.js';
import {Read, usePatient, written} from './read.js';
import {aboutHold, aboutPlan, aboutProcedure, aboutReferral, cases, consultations, letters, replies, scores, visits} from './sections.js';
import {facts, t, table, useClinic} from './texts.js';

const of = (spec) => (thing) => facts(thing, spec);
const plan = aboutPlan();

/** By the name of the read: its heading, how it is drawn, and whether it waits to be opened. */
const VIEWS = {
  action: ['action', of('kind status owner_queue owner_id:person:name due_on:day')],
  activity: ['activity', of('course.order.discipline course.order.kind status course.order.priority course.order.not_before:day course.owner_id:person:name course.allowed:text:sessions course.sessions_done:text')],
  alert: ['safety_alert', of('code:code:reason status result')],
  appointment: ['visit', of('date.start:time:when date.clinician_id:person:name date.location matter.discipline matter.purpose status')],
  asked_about: ['procedure', aboutProcedure],
  authorisation: ['authorisation', of('status valid_from:day valid_to:day')],
  case: ['case', of('status reasons priority start:time:when decision')],
  cases: ['cases', cases(() => null)],
  consultations: ['consultations', consultations],
  escalation: ['escalation', of('severity queue:code:owner_queue status ack_due_at:time:due_on called:person acknowledged_by:person')],
  gates_of_visit: ['gates', ({gates}) => table('gates', 'kind status:status valid_to:day', gates)],
  glass: ['glass', of('reason:text broken_by:person:name until:time:end finding:code:findings')],
  group: ['group', of('start:time:when clinician_id:person:name discipline sold:text status')],
  hold: ['antithrombotics', aboutHold],
  letters: ['letters', letters],
  measures: ['asked_measures', of('occasion due_on:day outstanding status how')],
  meetings: ['meetings', ({meetings}) => table('meetings', 'start:time:when quorum status:status', meetings)],
  package: ['package', written, true],
  plan: ['plan', plan],
  procedure: ['procedure', aboutProcedure],
  referral: ['referral', aboutReferral],
  referrals: ['referral', ({referrals}) => table('referral', 'clock_start:day:at status:status urgency.category:code:category decision.disposition', referrals)],
  replies: ['replies', replies],
  request: ['to_book', of('wish.discipline wish.purpose wish.priority wish.not_before:day status')],
  scores: ['scores', scores],
  subject_plan: ['plan', plan],
  suspect: ['referral', aboutReferral],
  visits: ['visits', (body) => visits(new Date().toISOString())(body)],
};

/** Props: `frame`, `names` (of reads), `reads`, `patient`. What the forms have read is not read again. */
export class Beside extends Component {
  constructor(props) {
    super(props);
    useClinic(props.frame);
    this.state = {found: {}, opened: {}};
  }

  componentDidMount() {
    this.componentDidUpdate({});
  }

  componentDidUpdate({reads}) {
    if (reads === this.props.reads) return;
    this.props.names.filter((name) => !VIEWS[name][2] || this.state.opened[name]).forEach((name) => this.read(name));
  }

  async read(name) {
    const {reads} = this.props;
    const first = await reads.read(name);
    if (reads === this.props.reads) this.setState(({found}) => ({found: {...found, [name]: first}}));
  }

  open(name) {
    if (this.state.opened[name]) return;
    this.setState(({opened}) => ({opened: {...opened, [name]: true}}));
    this.read(name);
  }

  render({names, patient}, {found}) {
    usePatient(patient);
    return html`<div class="patient beside">${names.map((name) => {
      const [title, view, later] = VIEWS[name];
      const first = found[name];
      if (first === null) return null; // there is no such thing
      return html`<details key=${name} open=${!later} onToggle=${({target}) => later && target.open && this.open(name)}><summary>${t(title)}</summary>
        ${later && html`<p class="note">${t('recorded')}</p>`}
        ${first ? html`<${Read} eager service=${first.service} path=${first.address} first=${first} view=${view} />` : html`<p class="note">${t('loading')}</p>`}</details>`;
    })}</div>`;
  }
}
