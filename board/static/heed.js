// New facts have consequences: labels, what is announced, the warning of a new safety item, how an item ended.
import {get, listOf} from './api.js';
import {clockTime} from './clock.js';
import {news} from './store.js';
import {say, word} from './words.js';

/** @param {import('./board.js').Board} board @param {import('./store.js').State} before */
export function heed(board, before) {
  const {state, route, rights} = board;
  const yours = (row) => rights[row.queue]?.yours;
  const concerns = (row) => (route?.view === 'queue' ? row.queue === route.queue : yours(row)) || (row.group === 'safety' && yours(row));
  const {fresh, overdue, safety} = news(before, state, concerns);
  board.announcer.count(fresh, overdue);
  for (const row of safety) warn(board, row);
  board.arrived = board.arrived.filter((id) => state.items.get(id)?.status === 'waiting');
  board.labels.read(state.items.values());
  for (const id of state.ended.keys()) if (!before.ended.has(id)) readEnd(board, id);
}

function warn(board, row) {
  const queue = word('queues', row.queue);
  const time = row.ack_due_at && clockTime(Date.parse(row.ack_due_at));
  board.announcer.safety(row.item_id, say(time ? 'announced_safety' : 'announced_safety_open', {queue, time}));
  board.arrived.push(row.item_id);
  if (board.settings.sound) tone();
}

/** How it ended, for the place that is kept. */
async function readEnd(board, id) {
  if (!Object.values(board.places ?? {}).some((ids) => ids.includes(id))) return;
  const by = listOf(await get('worklist', `/items/${id}/history`), 'changes').at(-1)?.data?.completed_by;
  if (by) board.said[id] = say('done_by', {who: board.who(by)});
  board.draw();
}

function tone() {
  const audio = new AudioContext();
  const source = audio.createOscillator();
  source.connect(audio.destination);
  source.start();
  source.stop(audio.currentTime + 0.4);
}
