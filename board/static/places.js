// Where everything should stand, as address, filter and rows say.
import {dayNumber, now} from './clock.js';
import {GROUPS, sections} from './store.js';
import {title} from './words.js';

const SHOWN = 5;

/** The ids of each section of a queue; of all queues the first of each.
 * @param {import('./board.js').Board} board @returns {import('./hold.js').Places} */
export function placesOf(board) {
  const {view, queue, strict, queues = [], wall} = board.route ?? {};
  const rows = [...board.state.items.values()];
  if (view === 'queue') {
    return sections(rows.filter((row) => row.queue === queue), {me: board.me, strict, passes: (row) => passes(board, row)});
  }
  const groups = wall ? GROUPS.slice(1) : GROUPS; // a wall has a band for safety
  return Object.fromEntries(queues.map((name) => {
    const places = sections(rows.filter((row) => row.queue === name), {me: board.me});
    return [name, groups.flatMap((group) => places[group]).slice(0, SHOWN)];
  }));
}

/** What the places follow from: they are reckoned anew when one of these is another. */
export const placesKey = ({state, route, labels}) => [state.items, route, labels.known.size];

function passes(board, row) {
  const {due, who, find} = board.route;
  if (due === 'late' && !row.overdue) return false;
  if (due === 'today' && !(row.overdue || row.group === 'today' || dueIn(row) < 1)) return false;
  if (due === 'week' && dueIn(row) >= 7) return false;
  if (who === 'mine' && row.claimed_by !== board.me) return false;
  if (who === 'nobody' && row.claimed_by) return false;
  return !find || `${board.label(row)} ${title(row)} ${row.number}`.toLowerCase().includes(find.toLowerCase());
}

/** Days until it is due. */
const dueIn = (row) => (row.due_at ? dayNumber(Date.parse(row.due_at)) - dayNumber(now()) : Infinity);
