// The server's time in the clinic's zone, and how times are said. One clock for the page.
import {timeWord} from './words.js';

const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SOON = 4 * HOUR;
const formats = new Map();
const said = new Map();
let zone = 'UTC';
let offset = 0;

/** @param {string} timeZone the clinic's, as IANA names it */
export function useZone(timeZone) {
  zone = timeZone;
  formats.clear();
  said.clear();
}

/** The server said what time it is. Small differences are the line's. @param {string} time RFC 3339 */
export function hear(time) {
  const found = Date.parse(time) - Date.now();
  if (Math.abs(found - offset) > 1000) offset = found;
}

/** Milliseconds, as the server counts them. */
export const now = () => Date.now() + offset;

function format(name, options, moment) {
  const key = `${name}${Math.floor(moment / MINUTE)}`;
  if (!said.has(key)) {
    if (said.size > 20000) said.clear();
    if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat('en-GB', {timeZone: zone, ...options}));
    const part = Object.fromEntries(formats.get(name).formatToParts(moment).map(({type, value}) => [type, value]));
    said.set(key, part);
  }
  return said.get(key);
}

const parts = (moment) => format('all', {
  weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit',
  hourCycle: 'h23',
}, moment);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

/** `10:42` @param {number} moment */
export const clockTime = (moment) => `${parts(moment).hour}:${parts(moment).minute}`;

/** The clinic's day as a number that counts days. @param {number} moment */
export function dayNumber(moment) {
  const {year, month, day} = parts(moment);
  return Date.UTC(year, MONTHS.findIndex((name) => name.startsWith(month.slice(0, 3))), day) / DAY;
}

/** `2026-11-24`, for forms. @param {number} moment */
export const isoDay = (moment) => new Date(dayNumber(moment) * DAY).toISOString().slice(0, 10);

/** `24 Nov`, with the weekday `Tue 24 Nov`. @param {number} moment */
export function dayText(moment, weekday = true) {
  const {weekday: name, day, month} = parts(moment);
  return `${weekday ? `${name} ` : ''}${day} ${month.slice(0, 3)}`;
}

/** A day without a time, as `2026-11-24`. @param {string} day */
export function plainDay(day) {
  const moment = Date.parse(`${day}T12:00:00Z`);
  const name = new Intl.DateTimeFormat('en-GB', {timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short'});
  return name.format(moment).replace(',', '').replace('Sept', 'Sep');
}

/** How long since then. @param {number} since @param {number} at */
export function span(since, at) {
  const past = Math.max(0, at - since);
  if (past < HOUR) return timeWord('minutes', {count: Math.max(1, Math.floor(past / MINUTE))});
  if (past < DAY) return timeWord('hours', {count: Math.floor(past / HOUR)});
  return timeWord('days', {count: Math.floor(past / DAY)});
}

/** `4 seconds ago` @param {number} since @param {number} at */
export function ago(since, at) {
  const past = Math.max(1000, at - since);
  if (past < MINUTE) return timeWord('ago_seconds', {count: Math.floor(past / 1000)});
  if (past < HOUR) return timeWord('ago_minutes', {count: Math.floor(past / MINUTE)});
  return timeWord('ago_hours', {count: Math.floor(past / HOUR)});
}

/** `08:30` today, else with its day. @param {number} moment @param {number} at */
export function whenText(moment, at) {
  if (dayNumber(moment) === dayNumber(at)) return clockTime(moment);
  const time = clockTime(moment);
  return dayText(moment) + (time === '17:00' ? '' : `, ${time}`);
}

/** `Wed 18 Nov, 17:00` @param {number} moment */
export const fullText = (moment) => `${dayText(moment)}, ${clockTime(moment)}`;

/** What of day and time was not said yet. @param {number} moment @param {string} said */
export const exactly = (moment, said) => [dayText(moment), clockTime(moment)].filter((part) => !said.includes(part)).join(', ');

/**
 * By when a row is to be done, in two lines. `left` is what remains, in milliseconds.
 * @param {import('./store.js').Row} row @param {number} at @param {boolean} [wall]
 * @returns {{tone: 'late'|'soon'|'day', left: number, first: string, second: string}}
 */
export function due(row, at, wall = false) {
  const unanswered = row.group === 'safety' && row.status === 'waiting' && row.ack_due_at;
  const text = unanswered ? row.ack_due_at : row.due_at;
  if (!text) return {tone: 'day', left: Infinity, first: timeWord('none'), second: ''};
  const moment = Date.parse(text);
  const left = moment - at;
  if (left <= 0) return {tone: 'late', left, first: late(-left), second: timeWord('was_due', {when: whenText(moment, at)})};
  if (left < (wall ? HOUR : SOON)) {
    const key = row.group !== 'safety' ? 'by' : unanswered ? 'answer_by' : 'do_by';
    return {tone: 'soon', left, first: remaining(left), second: timeWord(key, {time: clockTime(moment)})};
  }
  const key = unanswered ? 'answer_by' : 'do_by';
  const second = row.group === 'safety' ? timeWord(key, {time: whenText(moment, at)}) : '';
  return {tone: 'day', left, first: dayDue(moment, at, wall), second};
}

/** A row's time as one great number and what it counts, for walls. @param {import('./store.js').Row} row @param {number} at */
export function figure(row, at) {
  const {left, first} = due(row, at);
  if (left === Infinity) return ['', first];
  if (left > 0 && left < MINUTE) return ['<1', timeWord('left_minutes', {count: ''}).trim()];
  const far = left >= 2 * DAY ? timeWord('left_days', {count: Math.floor(left / DAY)}) : timeWord('left_whole_hours', {hours: Math.floor(left / HOUR)});
  const [, number, unit] = /^(\d+) (.*)$/.exec(left < HOUR ? first : far);
  return [number, unit];
}

function late(past) {
  if (past < HOUR) return timeWord('late_minutes', {count: Math.max(1, Math.floor(past / MINUTE))});
  if (past < DAY) return timeWord('late_hours', {count: Math.floor(past / HOUR)});
  return timeWord('late_days', {count: Math.floor(past / DAY)});
}

function remaining(left) {
  if (left < MINUTE) return timeWord('left_under');
  const minutes = Math.ceil(left / MINUTE); // as the clock on the wall counts
  if (minutes < 60) return timeWord('left_minutes', {count: minutes});
  const key = minutes % 60 ? 'left_hours' : 'left_whole_hours';
  return timeWord(key, {hours: Math.floor(minutes / 60), minutes: minutes % 60});
}

function dayDue(moment, at, wall) {
  const days = dayNumber(moment) - dayNumber(at);
  const time = clockTime(moment);
  if (days === 0) return timeWord('today', {time});
  const plain = time === '17:00';
  if (days === 1) return timeWord(plain ? 'tomorrow' : 'tomorrow_at', {time});
  if (wall && !plain && days < 7) return `${parts(moment).weekday} ${time}`;
  return dayText(moment, days < 7) + (plain ? '' : `, ${time}`);
}
