// What people do with items. Nothing is said to have worked before the server's answer.
import {get, listOf, send, UNREAD} from './api.js';
import {ago, clockTime, now} from './clock.js';
import {nameOf} from './names.js';
import {say, title, word} from './words.js';

const TOAST_MS = 10000;
const NAME_MS = 30000;
const DONE = {claim: 'claimed', keep: 'kept', release: 'released', hold: 'held', resume: 'resumed', transfer: 'transferred', undo: 'undone'};
const MINUTE = 60000;
/** How long before a claim goes back who has it is asked. When that is the row says. */
const WARN = {safety: 3 * MINUTE, other: 5 * MINUTE};

/** @param {import('./board.js').Board} board */
export const commands = (board) => ({
  /** @param {string} name @param {object} row @param {object} [body] */
  async run(name, row, body) {
    const id = row.item_id;
    if (!row || board.busy.has(id) || board.line === 'lost') return;
    const key = crypto.randomUUID();
    const attempt = async () => {
      board.busy.set(id, name);
      board.draw();
      const seen = board.row(id) ?? row;
      const answer = await send('worklist', 'POST', `/items/${id}/${name}`, body, {etag: `"${seen.version}"`, key});
      board.busy.delete(id);
      if (answer.body?.item_id === id) succeeded(board, name, row, answer.body);
      else failed(board, row, answer.ok ? UNREAD : answer, attempt);
      board.draw();
    };
    await attempt();
  },

  /** Hold and transfer ask something first. */
  async ask(kind, row) {
    board.dialog = {kind, row, queues: null};
    board.draw();
    if (kind !== 'transfer') return;
    const actions = listOf(await get('worklist', `/items/${row.item_id}/actions`), 'actions');
    const action = actions.find((each) => each.action === 'transfer_item');
    if (board.dialog?.row !== row) return;
    Object.assign(board.dialog, {queues: action?.queues ?? [], reason: action?.reason});
    board.draw();
  },

  undoLast() {
    const toast = board.toasts.findLast((each) => each.undo);
    if (toast) this.undo(toast.undo);
  },

  undo(id) {
    board.toasts = board.toasts.filter((each) => each.undo !== id);
    const row = board.row(id);
    if (row) this.run('undo', row);
  },

  async name(row) {
    const id = row.patient_id;
    const {name} = await nameOf(id);
    board.names.set(id, {text: name || say('no_name'), until: Date.now() + NAME_MS});
    board.draw();
  },

  /** Who claimed and does nothing is asked before it goes back; once for each time at which it would. */
  warnIdle() {
    const asks = board.toasts.filter(({keep}) => !keep || board.row(keep.item_id)?.goes_back_at === keep.goes_back_at);
    if (asks.length < board.toasts.length) board.draw();
    board.toasts = asks;
    for (const row of board.state.items.values()) {
      if (row.claimed_by !== board.me || !row.goes_back_at) continue;
      const back = Date.parse(row.goes_back_at);
      const key = `${row.item_id} ${row.goes_back_at}`;
      if (board.warned.has(key) || now() < back - (WARN[row.group] ?? WARN.other) || now() > back) continue;
      board.warned.add(key);
      const text = say('idle', {title: title(row), label: board.label(row), time: clockTime(back)});
      toast(board, {text, keep: row, until: Date.now() + back - now()});
      board.announcer.alert(text);
    }
  },

  /** They still work on it. The next news of it says until when it is theirs now. */
  keep(row) {
    board.toasts = board.toasts.filter((each) => each.keep !== row);
    return this.run('keep', row);
  },
});

function succeeded(board, name, row, item) {
  board.own.add(row.item_id);
  board.pending.push({kind: 'answer', row: item});
  const queue = word('queues', item.queue);
  const text = say(DONE[name], {title: title(row), label: board.label(row), queue});
  toast(board, {text, undo: ['undo', 'resume', 'keep'].includes(name) ? null : row.item_id});
  if (board.opened?.id === row.item_id) board.opened.version = 0;
}

function failed(board, row, {status, problem}, again) {
  const text = refusal(board, row, status, problem);
  const stays = status === 401 && {stays: true, until: Infinity}; // signing in takes longer than reading
  toast(board, {text, bad: true, ...(status === 412 || status === 409 ? {show: row} : {again}), ...stays});
  board.announcer.alert(text);
}

/** In words: who was first and how long ago, or why not; of an answer that was lost nobody knows. */
function refusal(board, row, status, problem) {
  const item = problem?.item ?? board.row(row.item_id);
  if (status === 412 || status === 409) {
    if (problem?.item) board.pending.push({kind: 'answer', row: problem.item});
    if (item?.claimed_by && item.claimed_by !== board.me) {
      return say('first_claim', {who: board.who(item.claimed_by), ago: ago(Date.parse(item.claimed_at), now())});
    }
    if (status === 412) return say('first_change');
  }
  return status ? `${say('error')}. ${problem?.detail ?? ''}` : problem.detail;
}

/** @param {import('./board.js').Board} board @param {object} said */
export function toast(board, said) {
  const until = said.until ?? Date.now() + TOAST_MS;
  board.toasts = [...board.toasts.slice(-2), {id: crypto.randomUUID(), ...said, until}];
}
