// What asks something: hold, transfer, settings, keys. Forms in the browser's own dialog.
import {html, Component} from '../html.js';
import {isoDay, now} from '../clock.js';
import {say, title, word, wordsOf} from '../words.js';

const HOLD = ['waits_for_patient', 'waits_for_others', 'waits_for_date'];
const TRANSFER = ['wrong_queue', 'other_expertise', 'workload', 'patient_wish'];
const CHOICES = [
  ['theme', 'theme', [['system', 'theme_system'], ['light', 'theme_light'], ['dark', 'theme_dark']]],
  ['announce', 'announce', [['all', 'announce_all'], ['safety', 'announce_safety'], ['none', 'announce_none']]],
];

export class Dialog extends Component {
  componentDidMount() {
    document.querySelector('dialog').showModal();
  }

  render({board}) {
    const {kind, row} = board.dialog;
    const close = () => { board.dialog = null; board.draw(); };
    const done = (event) => {
      event.preventDefault();
      const said = Object.fromEntries(new FormData(event.target));
      close();
      if (row) board.commands.run(kind, row, said);
    };
    return html`<dialog aria-labelledby="dialog-title" onClose=${close}><form onSubmit=${done}>
      <h2 id="dialog-title">${say({hold: 'hold_title', transfer: 'transfer_title'}[kind] ?? kind)}</h2>
      ${row && html`<p>${title(row)}, ${board.label(row)}</p>`}
      ${BODIES[kind](board)}
      <div class="do">${row && html`<button class="primary" disabled=${kind === 'transfer' && !board.dialog.queues?.length}>${say(kind)}</button>`}<button type="button" onClick=${close}>${say(row ? 'cancel' : 'close')}</button></div>
    </form></dialog>`;
  }
}

const pick = (name, label, list, values) => html`<label>${say(label)}<select name=${name} required><option value="">${say('pick')}</option>
  ${values.map((value) => html`<option value=${value}>${word(list, value)}</option>`)}</select></label>`;

const BODIES = {
  hold: () => html`${pick('reason', 'reason', 'reasons', HOLD)}<label>${say('until')}<input type="date" name="resume_on" required min=${isoDay(now() + 86400000)} /></label>`,
  transfer: ({dialog}) => (dialog.queues && !dialog.queues.length ? html`<p class="note">${dialog.reason ?? say('no_queue')}</p>`
    : html`${pick('queue', 'queue', 'queues', dialog.queues ?? [])}${pick('reason', 'reason', 'reasons', TRANSFER)}`),
  keys: () => html`<dl class="keys">${wordsOf('keys').map(([key, text]) => html`<dt><kbd>${key}</kbd></dt><dd>${text}</dd>`)}</dl>`,
  settings: (board) => html`<p>${board.frame.staff.name}</p>
    ${CHOICES.map(([name, label, options]) => html`<label>${say(label)}<select value=${board.settings[name]} onChange=${(event) => board.set({[name]: event.target.value})}>
      ${options.map(([value, text]) => html`<option value=${value} selected=${board.settings[name] === value}>${say(text)}</option>`)}</select></label>`)}
    ${[['sound', 'sound'], ['keys', 'single_keys']].map(([name, label]) => html`<label class="check"><input type="checkbox" checked=${board.settings[name]} onChange=${(event) => board.set({[name]: event.target.checked})} />${say(label)}</label>`)}
    ${board.route.view === 'queue' && html`<label class="check"><input type="checkbox" checked=${board.route.strict} onChange=${(event) => board.filter('order', event.target.checked ? 'strict' : '')} />${say('order_strict')}</label>`}
    <div class="do"><button type="button" data-do="pause">${say(board.hand.paused ? 'go_on' : 'pause')}</button><button type="button" data-do="keys">${say('keys')}</button>
      ${board.route.queue && html`<a class="button" href=${`/board/${board.route.queue}/print`}>${say('print')}</a>`}<a class="button" href="/board/sign-out">${say('sign_out')}</a></div>`,
};
