// In need: what is not for somebody opens to them for a time, for a reason that somebody else reads afterwards.
import {send} from '../api.js';
import {html, Component} from '../html.js';
import {t} from './texts.js';

/** Props: `service`, `patient`, `opened(until)`. */
export class Glass extends Component {
  async ask(event) {
    event.preventDefault();
    this.setState({problem: null});
    const reason = new FormData(event.target).get('reason');
    const {ok, body, problem} = await send(this.props.service, 'POST', `/patients/${this.props.patient}/break-glass`, {reason});
    if (ok) this.props.opened(body.until);
    else this.setState({problem});
  }

  render(_, {asked, problem}) {
    if (!asked) return html`<button onClick=${() => this.setState({asked: true})}>${t('in_need')}</button>`;
    return html`<form class="command-form" onSubmit=${(event) => this.ask(event)}><div class="field"><label for="reason">${t('in_need_why')}</label>
        <textarea id="reason" name="reason" rows="2" required></textarea><small>${t('in_need_note')}</small></div>
      ${problem && html`<p role="alert">${problem.detail}</p>`}
      <div class="do"><button class="primary">${t('in_need')}</button><button type="button" onClick=${() => this.setState({asked: false})}>${t('close')}</button></div></form>`;
  }
}
