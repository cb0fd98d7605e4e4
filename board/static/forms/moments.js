// Dates and times as the clinic's clocks show them, and as they are sent. Pure.

const parts = (moment, zone) => Object.fromEntries(new Intl.DateTimeFormat('en-GB', {
  timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
}).formatToParts(moment).map(({type, value}) => [type, value]));

/** `2027-01-20T09:00` of an instant, at the clinic. */
export function local(instant, zone) {
  const moment = new Date(instant);
  if (Number.isNaN(moment.getTime())) return '';
  const {year, month, day, hour, minute} = parts(moment, zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The instant of a time at the clinic; of an hour that there is twice, the first. */
export function instant(written, zone) {
  const wanted = Date.parse(`${written}:00Z`);
  if (Number.isNaN(wanted)) return '';
  const offsets = [-86400000, 86400000].map((by) => offset(wanted + by, zone));
  const found = offsets.map((each) => wanted - each).sort((one, other) => one - other);
  const fits = found.find((each) => local(each, zone) === written) ?? found[1];
  return new Date(fits).toISOString().replace('.000Z', 'Z');
}

function offset(moment, zone) {
  return Date.parse(`${local(moment, zone)}:00Z`) - Math.floor(moment / 60000) * 60000;
}

/** Why the clinic is closed on a day: the holiday's name, or the weekday's; null when it is open. */
export function closed(day, {closed_weekdays: weekdays = [], holidays = []} = {}) {
  const moment = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(moment.getTime())) return null;
  const [name, long] = ['short', 'long'].map((weekday) => new Intl.DateTimeFormat('en-GB', {timeZone: 'UTC', weekday}).format(moment));
  const isClosed = weekdays.some((each) => [name, long].some((known) => known.toLowerCase() === each.toLowerCase()));
  return holidays.find((each) => each.on === day)?.name ?? (isClosed ? long : null);
}

/** A moment for people. */
export const shown = (moment, zone) => new Intl.DateTimeFormat('en-GB', {
  timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
}).format(new Date(moment));
