// What a patient's things are read for, where the clinic asks it: said once for each patient, sent with every read.
import {get} from './api.js';
import {fill, word} from './words.js';
import {html, Component} from './html.js';

const ID = /[0-9a-f-]{36}/g;
const said = new Map();
const assumed = new Set();
const t = (key) => fill(word('purpose', key));

/** Nothing may be read before somebody said what for. @param {object} frame @param {string|null} patient */
export const isUnsaid = (frame, patient) => Boolean(patient && frame.must_say?.length && !said.has(patient));

/**
 * A read about a patient, for what was said. What is not read for that (an index, say) is read as without a word.
 * @param {string|null} patient @returns {Promise<import('./api.js').Answer>}
 */
export async function readOf(patient, service, path) {
  const shape = service + path.split('?')[0].replace(ID, '');
  const purpose = assumed.has(shape) ? null : said.get(patient) ?? null;
  const answer = await get(service, path, purpose);
  if (!purpose || answer.status !== 403) return answer;
  const plain = await get(service, path);
  if (plain.ok) assumed.add(shape);
  return plain.ok ? plain : answer;
}

/** The question. Props: `frame`, `patient`, `then()`. */
export class Purpose extends Component {
  render({frame, patient, then}) {
    const done = (event) => {
      event.preventDefault();
      said.set(patient, new FormData(event.target).get('purpose'));
      then();
    };
    return html`<form class="purpose command-form" onSubmit=${done}><fieldset class="field"><legend>${t('ask')}</legend>
      ${frame.must_say.map((each) => html`<label class="tick"><input type="radio" name="purpose" value=${each} required />${t(each)}</label>`)}<small>${t('recorded')}</small></fieldset>
      <div class="do"><button class="primary">${t('go_on')}</button></div></form>`;
  }
}
