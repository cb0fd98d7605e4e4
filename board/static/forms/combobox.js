// A text field with a list that follows what is typed (ARIA's combobox). What is not in the list can be typed all the same.
import {html, Component} from '../html.js';

const BETWEEN = /[\s,()/_-]+/;

/** @typedef {{value: string, text: string, beside?: object}} Option `beside`: what it says of the fields beside it */

/** Those in which each word that was typed begins one of theirs. Pure. @param {Option[]} options @param {string} typed */
export function fitting(options, typed) {
  const wanted = typed.trim().toLowerCase().split(BETWEEN);
  return options.filter(({value, text}) => {
    const words = `${text} ${value}`.toLowerCase().split(BETWEEN);
    return wanted.every((each) => words.some((word) => word.startsWith(each)));
  });
}

/** Props: `shared` (attributes of the control), `name`, `value`, `find(typed) → Option[]` or its promise,
 * `take(value, beside)`, `say`. */
export class Combobox extends Component {
  state = {open: false, found: [], at: -1, text: null, of: undefined};
  asked = 0;

  /** A value that stands there already is shown in words. */
  async componentDidMount() {
    const {value, find} = this.props;
    if (value) this.word(value, await find(value));
  }

  word(value, found) {
    const known = found.find((each) => each.value === value);
    if (known && !this.asked) this.setState({text: known.text, of: value});
  }

  async look(typed) {
    const turn = ++this.asked;
    const found = await this.props.find(typed);
    if (turn !== this.asked) return;
    const meant = found.find(({value, text}) => [value, text].some((each) => each.toLowerCase() === typed.trim().toLowerCase()));
    const open = found.length > (meant ? 1 : 0) && document.activeElement?.id === this.props.shared.id;
    const kept = this.state.found[this.state.at]?.value;
    this.setState({found, open, at: open ? found.findIndex((each) => each.value === kept) : -1});
    if (meant) this.put(meant, typed);
  }

  put({value, beside}, text) {
    this.setState({text, of: value});
    this.props.take(value, beside);
  }

  typed = (event) => {
    const text = event.target.value;
    this.put({value: text}, text);
    this.look(text);
  };

  choose(option) {
    this.put(option, option.text);
    this.close();
  }

  /** Also what was asked for and has not come is not shown. */
  close = () => {
    this.asked += 1;
    this.setState({open: false, at: -1});
  };

  move(by) {
    const {open, found, at} = this.state;
    if (!open) return this.look(this.shown());
    this.setState({at: at < 0 && by < 0 ? found.length - 1 : (at + by + found.length) % found.length});
    return null;
  }

  pressed = (event) => {
    const {open, found, at} = this.state;
    const wants = {ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1), ...(open && {Escape: this.close}), ...(open && at >= 0 && {Enter: () => this.choose(found[at])})}[event.key];
    if (!wants || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    wants();
  };

  shown() {
    const {value} = this.props;
    return this.state.of === value && this.state.text !== null ? this.state.text : value;
  }

  componentDidUpdate() {
    this.list?.querySelector('[aria-selected="true"]')?.scrollIntoView({block: 'nearest'});
  }

  render({shared, name, say}, {open, found, at}) {
    const id = (index) => `${shared.id}-option-${index}`;
    return html`<div class="combo"><input ...${shared} type="text" role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded=${String(open)} aria-controls=${`${shared.id}-list`}
        aria-activedescendant=${open && at >= 0 ? id(at) : undefined} value=${this.shown()} onInput=${this.typed} onKeyDown=${this.pressed} onBlur=${() => this.setState({open: false, at: -1})} />
      <ul role="listbox" id=${`${shared.id}-list`} aria-label=${name} hidden=${!open} ref=${(element) => { this.list = element; }}>
        ${open && found.map((each, index) => html`<li key=${each.value} role="option" id=${id(index)} aria-selected=${String(index === at)} onMouseDown=${(event) => event.preventDefault()} onClick=${() => this.choose(each)}>${each.text}</li>`)}</ul>
      <span class="sr" role="status">${open && say('found', {count: found.length})}</span></div>`;
  }
}
