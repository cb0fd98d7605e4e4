// Parts of the page that are fetched when they are first wanted, so that a queue stands sooner.
import {html, Component} from './html.js';
import {toast} from './commands.js';
import {say} from './words.js';

const again = () => location.reload();

/** Instead of a part that can't be shown. */
export const Failed = () => html`<p class="note">${say('part_failed')} <button onClick=${again}>${say('reload')}</button></p>`;
const FailedPage = () => html`<main id="main"><${Failed} /></main>`;

/** A question that can't be asked is none: what waits for its answer goes on. */
class Unasked extends Component {
  componentDidMount() {
    const {board} = this.props;
    board.dialog = null;
    toast(board, {text: say('part_failed'), bad: true, again});
    board.draw();
  }

  render() {
    return null;
  }
}

const PARTS = {
  DayPage: [() => import('./views/day.js'), FailedPage],
  Dialog: [() => import('./views/dialogs.js'), Unasked],
  PatientPage: [() => import('./views/patient.js'), FailedPage],
  Work: [() => import('./views/work.js'), Failed],
};
const have = new Map();

/** A part by its name; null until it is here, and then the board is drawn. @param {string} name @param {import('./board.js').Board} board */
export function late(name, board) {
  if (!have.has(name)) {
    const [read, instead] = PARTS[name];
    have.set(name, null);
    read().then((found) => found[name], () => instead).then((part) => { have.set(name, part); board.draw(); });
  }
  return have.get(name);
}
