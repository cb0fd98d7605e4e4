// What can be done about one thing of the patient page: its commands open in place, as they do beside an item.
import {html, Component} from '../html.js';
import {Commands} from '../views/work.js';
import {t} from './texts.js';

let frame = null;
let patient = null;
let changed = () => {};

/** @param {object} given @param {string|null} id of the patient, where the page is about one @param {() => void} acted when something was done */
export const useFrame = (given, id, acted) => { frame = given; patient = id; changed = acted; };

/** The commands of a thing of this kind, in sight. */
export function actsOf(kind, {id, referral_id, patient_id}) {
  const commands = frame.work?.day?.[kind];
  if (!commands) return null;
  const known = {subject_id: id, patient_id: patient ?? patient_id, referral_id: kind === 'referral' ? id : referral_id ?? undefined};
  return html`<${Commands} key=${id} frame=${frame} commands=${commands} known=${known} subject=${id} sent=${changed} />`;
}

/** The last column of a table: what can be done about each. */
export const choosing = (kind) => (each) => acts(kind, each, 'choose');

/** A button that opens them: nothing is asked of the services before. */
export const acts = (kind, thing, label = 'do') => html`<${Acts} key=${`do-${thing.id}`} kind=${kind} thing=${thing} label=${label} />`;

class Acts extends Component {
  render({kind, thing, label}, {opened = false}) {
    return html`<div class="acts"><button class="link" aria-expanded=${String(opened)} onClick=${() => this.setState({opened: !opened})}>${t(label)}</button>
      ${opened && actsOf(kind, thing)}</div>`;
  }
}
