// An item beside its list: why it is here, what closes it, what happened to it, and the work itself.
import {html, Component} from '../html.js';
import {due, exactly, fullText, plainDay, span} from '../clock.js';
import {fill, say, title, word} from '../words.js';
import {get, listOf} from '../api.js';
import {late} from '../late.js';
import {escalation, icon, key, rule} from './parts.js';
import {detail} from './row.js';

const LETTERS = {claim: 'C', release: 'R', hold: 'H', transfer: 'T'};
const LOUD = new Set(['item_escalated', 'item_cancelled']);

export class Item extends Component {
  async read(id, version) {
    Object.assign(this, {id, version});
    const [item, history, actions] = await Promise.all(['', '/history', '/actions'].map((part) => get('worklist', `/items/${id}${part}`)));
    if (this.id !== id) return;
    const found = item.body?.item_id === id ? item.body : null;
    this.failed = !found && item;
    Object.assign(this, {item: found, changes: listOf(history, 'changes'), actions: listOf(actions, 'actions')});
    this.props.board.draw();
  }

  render({board}) {
    const id = board.route.item;
    const live = board.state.items.get(id);
    if (this.id !== id) Object.assign(this, {item: null, failed: null, changes: [], actions: []});
    if (this.id !== id || (live && live.version > this.version)) this.read(id, live?.version ?? 0);
    const Work = late('Work', board);
    const row = live ?? this.item ?? board.row(id);
    const close = html`<a class="close" href=${`/board/${board.route.queue}`}>${say('close')} ${key('Esc', board)}</a>`;
    if (!row) return html`<aside class="item panel" data-item>${close}<p class="empty">${this.failed ? this.failed.problem?.detail || say('no_item') : say('loading')}</p></aside>`;
    return html`<aside class="item panel" data-item data-id=${id} aria-labelledby="item-title">
      <div class="meta"><span class="label">${board.label(row)}</span>${name(board, row)}${escalation(row)}${close}</div>
      <h2 id="item-title" tabindex="-1">${title(row)}</h2>
      <div class="do">${this.buttons(board, row)}</div>
      <dl>${facts(board, row).map(([term, text]) => html`<dt>${say(term)}</dt><dd>${text}</dd>`)}</dl>
      ${Work && html`<${Work} item=${this.item ?? row} row=${row} frame=${board.frame} state=${board.state} actions=${this.actions} board=${board} />`}
      <h3>${say('history')}</h3>
      <ol class="history">${[...(this.changes ?? [])].reverse().map((change, at, all) => entry(board, row, change, all.slice(at + 1)))}</ol>
    </aside>`;
  }

  buttons(board, row) {
    const {status, claimed_by: by, resume_on: until, queue, item_id: id} = row;
    const mine = by === board.me;
    const wanted = until ? ['resume'] : status === 'waiting' ? ['claim', 'hold', 'transfer'] : status === 'claimed' ? ['release', 'hold', 'transfer'] : [];
    const known = Object.fromEntries((this.actions ?? []).map((each) => [each.action.split('_')[0], each]));
    const may = (action) => known[action]?.allowed ?? (action === 'claim' ? board.may('claim', queue, row.group) : mine);
    const shown = wanted.filter(may);
    const refused = wanted.filter((action) => !may(action)).map((action) => known[action]).find(Boolean);
    const undo = known.undo?.allowed && Date.parse(this.item?.undo_until ?? '') > board.drawnAt && html`<button data-do="undo">${say('undo')}${key('Z', board)}</button>`;
    return html`${shown.map((action, at) => html`<button key=${action} class=${at === 0 ? 'primary' : ''} data-do=${action} disabled=${board.busy.has(id) || board.line === 'lost'}>
      ${say(board.busy.get(id) === 'claim' && action === 'claim' ? 'claiming' : action)}${LETTERS[action] && key(LETTERS[action], board)}</button>`)}${undo}
      ${!shown.length && refused && html`<p class="note">${say(board.rights[queue]?.yours ? 'no_claim' : 'no_queue')}. ${may_who(refused)}</p>`}`;
  }
}

/** Who may, where the viewer may not. */
function may_who({disciplines = [], roles = []}) {
  return [...disciplines.map((each) => word('queues', each)), ...roles.map((each) => each.replaceAll('_', ' '))].join(', ');
}

function name(board, row) {
  const id = row.patient_id;
  const shown = board.names.get(id);
  if (!id) return null;
  if (shown) return html`<b class="name">${shown.text}</b>`;
  return html`<button class="link" data-do="name">${icon('eye')}${say('show_name')}</button>`;
}

function facts(board, row) {
  const {first, second, tone} = due(row, board.drawnAt);
  const exact = second ? second[0].toLowerCase() + second.slice(1) : row.due_at && exactly(Date.parse(row.due_at), first);
  return [
    ['item_due', html`<b class=${tone}>${first}</b>${exact && `, ${exact}`}`],
    ['item_waiting', say('item_waiting_text', {here: span(Date.parse(row.waiting_since), board.drawnAt)})],
    row.claimed_by && ['item_with', board.who(row.claimed_by)],
    row.hold_reason && ['on_hold', `${word('reasons', row.hold_reason)}, ${say('back', {day: plainDay(row.resume_on)})}`],
    ['item_why', [word('why', row.item_type), detail(row)].filter(Boolean).join('. ')],
    row.unverified?.length && ['item_unverified', row.unverified.map(({rule: named, part}, at) => html`${at > 0 && ', '}${rule(named)}${marked(part)}`)],
    ['item_closes', word('closes', row.item_type)],
    ['item_ids', say('item_number', {number: row.number})],
    row.patient_id && ['item_patient', html`<a href=${`/board/patients/${row.patient_id}`}>${say('open_patient')}</a>`],
  ].filter(Boolean);
}

/** What of a rule is meant. */
function marked(part) {
  const words = word('details', 'codes')[part];
  return words && `: ${words}`;
}

/** `item_opened` of `worklist.item_opened.v1`. */
const named = (wire) => wire.split('.')[1];

/** One thing that happened. Codes that nobody has words for are left out. */
function entry(board, row, {type: wire, occurred_at: at, actor_id: actor, data}, earlier) {
  const type = named(wire);
  const again = type === 'item_escalated' && earlier.some((each) => named(each.type) === type);
  const words = word('history', again ? 'item_escalated_again' : type);
  if (!words) return null;
  const who = data.by_id ?? data.completed_by ?? actor;
  const values = {
    who: who ? board.who(who) : say('system'), reason: word('reasons', data.reason ?? data.cause), priority: word('priorities', data.priority),
    from: word('queues', data.from_queue), to: word('queues', data.queue), day: data.resume_on && plainDay(data.resume_on), why: word('why', row.item_type),
  };
  const [first, second] = words.map((text) => fill(text, values).replace(/^\. /, ''));
  const moment = Date.parse(at);
  return html`<li class=${LOUD.has(type) ? 'loud' : type === 'item_claimed' ? 'claimed' : ''}><b>${first}</b><time datetime=${at}>${fullText(moment)}</time>${second && html`<span>${second}</span>`}</li>`;
}
