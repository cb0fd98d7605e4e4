// One read of a service as a piece of the page: asked when it comes into sight, with its own waiting, refusal and failure.
import {html, Component} from '../html.js';
import {readOf} from '../purpose.js';
import {Glass} from './glass.js';
import {rule} from '../views/parts.js';
import {answers, code, RULE, t, time} from './texts.js';

let patient = null;
let round = 0;

/** @param {string} id whose page it is */
export const usePatient = (id) => { patient = id; };

/** Everything is asked again when this changes; what stands there stays until the answer comes. @param {number} given */
export const useRound = (given) => { round = given; };

/**
 * Asks page after page. Props: `service`, `path`, `view(body)`; `list`: what grows with each page; `eager`: at once;
 * `once`: not again in another round; `first`: the answer of the first page, where it was asked for elsewhere.
 */
export class Read extends Component {
  constructor(props) {
    super(props);
    this.state = {answer: null, asked: false};
    this.at = (element) => { this.base = element; };
  }

  componentDidMount() {
    if (this.props.eager) return this.ask();
    this.seen = new IntersectionObserver((found) => found.some((each) => each.isIntersecting) && this.ask(), {rootMargin: '200px'});
    this.seen.observe(this.base);
  }

  componentDidUpdate() {
    const {once, first} = this.props;
    if (this.state.asked && ((!once && this.round !== round) || first !== this.first)) this.ask(null, true);
    else if (this.props.eager) this.ask();
  }

  componentWillUnmount() {
    this.gone = true;
    this.seen?.disconnect();
  }

  /** Once; again after a failure, and for the page after. */
  async ask(next = null, again = false) {
    if (this.asking || (this.state.asked && !next && !again)) return;
    this.asking = true;
    this.round = round;
    this.seen?.disconnect();
    this.setState({asked: true});
    const {service, path, list, first} = this.props;
    const told = first !== this.first;
    this.first = first;
    const answer = told ? first : await readOf(patient, service, next ? `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next)}` : path);
    this.asking = false;
    if (this.gone) return;
    if (next && answer.ok) answer.body[list] = [...this.state.answer.body[list], ...answer.body[list]];
    const stands = this.state.answer?.ok && (!answer.status || answer.status >= 500); // nobody answered: what was read stands
    this.setState(next && !answer.ok ? {more: answer} : {answer: stands ? this.state.answer : answer, more: null, old: stands && answer});
  }

  /** The glass is broken until then. */
  opened = (until) => {
    this.setState({until, answer: null});
    this.ask(null, true);
  };

  refusal({status, problem}, again) {
    const {service} = this.props;
    return html`${refusal({status, problem}, again)}${problem.glass && html`<${Glass} service=${service} patient=${patient} opened=${this.opened} />`}`;
  }

  render({view, list}, {answer, more, until, old}) {
    const next = list && answer?.body?.next;
    return html`<div class="read" ref=${this.at} data-waiting=${answer ? null : ''} aria-busy=${!answer}>
      ${until && html`<p class="note" role="status">${t('in_need_until', {when: time(until)})}</p>`}
      ${old && failed(old, () => this.ask(null, true), 'not_anew')}
      ${!answer ? html`<p class="note">${t('loading')}</p>` : answer.ok ? view(answer.body) : this.refusal(answer, () => this.ask(null, true))}
      ${more && refusal(more, () => this.ask(next))}
      ${next && !more && html`<button class="more" onClick=${() => this.ask(next)}>${t('more')}</button>`}</div>`;
  }
}

/** No right: whom to ask, in the service's own sentence. Anything else: nothing was lost, ask again. */
function refusal({status, problem}, again) {
  if (status === 403 || status === 404) return html`<p class="note refused"><b>${t(status === 403 ? 'no_right' : 'nothing_here')}</b> ${problem.detail}</p>`;
  return failed({problem}, again, 'failed');
}

const failed = ({problem}, again, what) => html`<p class="note refused" role="alert"><b>${t(what)}</b> ${problem.detail} <button onClick=${again}>${t('try_again')}</button></p>`;

/** A button that opens what somebody wrote: the service records that it was read. Props: `service`, `path`, `label`. */
export class Open extends Component {
  render({service, path, label}, {opened}) {
    const close = () => this.setState({opened: false});
    return html`<span class="open"><button onClick=${() => this.setState({opened: true})}>${label}</button>
      ${opened && html`<${Writing} service=${service} path=${path} label=${label} close=${close} />`}</span>`;
  }
}

class Writing extends Component {
  componentDidMount() {
    this.dialog.showModal();
  }

  render({service, path, label, close}) {
    return html`<dialog class="writing" ref=${(element) => { this.dialog = element; }} aria-labelledby="writing-title" onClose=${close} onKeyDown=${(event) => event.stopPropagation()}>
      <h2 id="writing-title" tabindex="-1">${label}</h2><p class="note">${t('recorded')}</p>
      <${Read} eager once service=${service} path=${path} view=${(body) => written(body.text ?? body.body ?? body)} />
      <div class="do"><button onClick=${() => this.dialog.close()}>${t('close')}</button></div></dialog>`;
  }
}

const IDS = /(^|_)(id|ref|version)$/;

/** What was written, whatever its shape: text as paragraphs, parts by their names. Ids are nobody's reading. */
export function written(said) {
  if (said === null || said === '' || (Array.isArray(said) && !said.length)) return html`<span class="none">${t('none')}</span>`;
  if (Array.isArray(said)) return html`<ul>${said.map((each) => html`<li>${written(each)}</li>`)}</ul>`;
  if (typeof said === 'boolean') return code(said);
  if (RULE.test(said)) return rule(said);
  if (typeof said !== 'object') return String(said).split(/\n{2,}/).map((each) => html`<p class="text">${each}</p>`);
  return html`<dl>${Object.entries(said).filter(([name, each]) => !IDS.test(name) && each !== null)
    .map(([name, each]) => html`<dt>${code(/^[0-9a-f-]{36}$/.test(name) ? 'action' : name)}</dt><dd>${answers(name, each) ?? written(each)}</dd>`)}</dl>`;
}
