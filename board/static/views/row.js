// One item in a list. It is drawn again only when something of it looks otherwise.
import {html, Component} from '../html.js';
import {clockTime, dayText, due, plainDay, span} from '../clock.js';
import {fill, say, title, word} from '../words.js';
import {dueOf, escalation, icon, key} from './parts.js';

/** The second text of a row: from codes, never from what somebody typed; with what tells it apart from others of its
 * type. @param {import('../store.js').Row} row */
export function detail(row) {
  const [first, apart] = [said(row), word('details', 'codes')[row.about] ?? ''];
  return [first, !first.startsWith(apart) && apart].filter(Boolean).join(', ');
}

function said(row) {
  const codes = word('details', 'codes');
  if (row.detail && codes[row.detail]) return codes[row.detail];
  const moment = row.due_at && Date.parse(row.due_at);
  const values = {
    category: word('categories', row.category ?? row.detail), service: row.place?.split(':')[0].replace('_', ' '),
    target: row.target_date && plainDay(row.target_date), time: moment && clockTime(moment), day: moment && dayText(moment),
  };
  const text = word('details', row.item_type);
  return /\{(\w+)\}/.test(text) && [...text.matchAll(/\{(\w+)\}/g)].some(([, name]) => !values[name]) ? '' : fill(text, values);
}

/** What a held place says of a row that somebody took or ended. */
function taken({row, board, section}) {
  if (!board.state.items.has(row.item_id)) return board.said[row.item_id] ?? say('done');
  if (row.resume_on) return word('groups', 'hold');
  if (row.status === 'claimed' && section !== 'yours') return say('taken', {who: board.who(row.claimed_by)});
  return '';
}

/** A row, and all that decides how it looks. */
export function rowAt(board, id, section) {
  const row = board.row(id);
  if (!row) return null;
  const looks = [row, section, board.label(row), board.busy.get(id), board.first === id, board.state.fresh.has(id),
    board.route.item === id, taken({row, board, section}), board.rights, ...board.stamp];
  return html`<${Row} key=${id} row=${row} board=${board} section=${section} looks=${looks} />`;
}

class Row extends Component {
  shouldComponentUpdate(next) {
    return next.looks.some((each, at) => each !== this.props.looks[at]);
  }

  render(props) {
    const {row, board, section} = props;
    const {item_id: id, queue} = row;
    const label = board.label(row);
    const kept = taken(props);
    const busy = board.busy.get(id);
    const current = board.first === id;
    const {first, tone} = due(row, board.drawnAt);
    const name = [title(row), label, !kept && detail(row), first, row.level && say(row.level > 1 ? 'escalated_twice' : 'escalated'), kept].filter(Boolean).join(', ');
    const kind = ['row', section, tone, kept && 'taken', board.state.fresh.has(id) && 'fresh', board.route.item === id && 'open'].filter(Boolean).join(' ');
    return html`<li class=${kind} data-id=${id}>
      <a class="main" data-row=${id} tabindex=${current ? 0 : -1} aria-label=${name} aria-current=${board.route.item === id ? 'true' : null}
        href=${`/board/${queue}/${id}`}>
        <span class="label">${label}</span>
        <span class="what">${row.group === 'safety' && icon('flag')}<b>${title(row)}</b> <span class="detail">${kept || detail(row)}</span></span>
        <span class="tags">${board.state.fresh.has(id) && html`<span class="tag new">${say('new')}</span>`}${escalation(row)}</span>
        ${dueOf(row, board.drawnAt)}
        <span class="wait">${span(Date.parse(row.waiting_since), board.drawnAt)}</span>
      </a>
      ${!kept && board.may('claim', queue, row.group) && html`<button class="claim" tabindex=${current ? 0 : -1} disabled=${Boolean(busy)} data-do="claim"
        aria-label=${`${say(busy ? 'claiming' : 'claim')} ${title(row)}, ${label}`}>${say(busy ? 'claiming' : 'claim')}${!busy && key('C', board)}</button>`}
    </li>`;
  }
}
