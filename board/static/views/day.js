// The clinic's day: who comes, the team's meetings, letters for the post, and what begins without an item.
import {html, Component} from '../html.js';
import {clockTime, isoDay, now} from '../clock.js';
import {instant} from '../forms/moments.js';
import {actsOf, choosing, useFrame} from '../patient/acts.js';
import {usePatient, useRound} from '../patient/read.js';
import {read} from '../patient/sections.js';
import {latest, t, table, time, useClinic} from '../patient/texts.js';

const DAY_MS = 86400000;

/** The calendar day so many days later. Pure. @param {string} day @param {number} by */
export const later = (day, by) => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);

/** `Tue 9 Mar 2027` */
const named = (day) => time(`${day}T12:00:00Z`).split(',')[0].replace(/ \d\d:\d\d$/, '');

/** Props: `on` (a day, or nothing: today), `frame`, `board`. */
export class DayPage extends Component {
  constructor(props) {
    super(props);
    useClinic(props.frame);
    useFrame(props.frame, null, () => props.board.acted());
  }

  /** Who it is about, as in lists: the label, by which the patient's page opens. */
  patient = ({patient_id: id}) => {
    const {board} = this.props;
    return id && html`<a class="label" href=${`/board/patients/${id}`}>${board.labels.known.get(id) ?? t('open_patient')}</a>`;
  };

  /** What was read is read again. */
  again() {
    const {board} = this.props;
    board.fresh.again();
    board.draw();
  }

  /** Rows of one kind of thing in order of time, each with what can be done about it. */
  rows(caption, name, doing, by, spec) {
    const {board} = this.props;
    return (body) => {
      board.labels.read(body[name]);
      const more = {patient: this.patient, do: doing, clock: (each) => each.date?.start && clockTime(Date.parse(each.date.start))};
      return table(caption, `${spec} do`, latest(body[name], by).reverse(), more);
    };
  }

  parts(on) {
    const bounds = [on, later(on, 1)].map((day) => encodeURIComponent(instant(`${day}T00:00`, this.props.frame.clinic.time_zone)));
    return {
      visits: {service: 'scheduling', path: `/appointments?from=${bounds[0]}&to=${bounds[1]}`, list: 'appointments',
        view: this.rows('visits', 'appointments', choosing('appointment'), 'date.start', 'clock patient matter.discipline matter.purpose date.clinician_id:person:clinician date.location status:status')},
      meetings: {service: 'care_plan', path: '/mdt/meetings', view: this.rows('meetings', 'meetings', choosing('meeting'), 'start', 'start:time:when quorum status:status')},
      post: {service: 'notifications', path: '/post', list: 'letters', view: this.rows('post', 'letters', choosing('message'), 'planned_at', 'planned_at:time patient template status:status')},
    };
  }

  render({on: asked, board}) {
    const {round} = board.fresh;
    const today = isoDay(now());
    const on = asked || today;
    if (round !== this.round || on !== this.on) Object.assign(this, {round, on, readAt: now()});
    usePatient(null);
    useRound(round);
    const to = (day) => (day === today ? '/board/day' : `/board/day?on=${day}`);
    return html`<main id="main" class="patient day">
      <header><h1 tabindex="-1">${named(on)}</h1><nav aria-label=${t('days')}><a class="button" href=${to(later(on, -1))}>${t('day_before')}</a>
        ${on !== today && html`<a class="button" href=${to(today)}>${t('today')}</a>`}<a class="button" href=${to(later(on, 1))}>${t('day_after')}</a></nav>
        <p class="as-of">${t('as_of', {time: clockTime(this.readAt)})} <button onClick=${() => this.again()}>${t('again')}</button></p></header>
      <section id="do" class="panel" aria-labelledby="do-title"><h2 id="do-title">${t('begin')}</h2>${actsOf('clinic', {id: 'clinic'})}</section>
      <div class="sections">${Object.entries(this.parts(on)).map(([part, each]) => html`<section key=${part} id=${part} class="panel">${read(each, true)}</section>`)}</div>
    </main>`;
  }
}
