// A measure over time as a picture: bands, scores, the smallest change that means something. Its table says the same.
import {html} from '../html.js';
import {rule as named} from '../views/parts.js';
import {code, day, t, table} from './texts.js';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [560, 220, 36, 132, 10, 26];

/** The score from which the patient is better by as much as means something. @returns {number|null} */
export function goal({points, important_change: change, higher_is_better: up}) {
  if (!change || !points.length) return null;
  const told = points.find((each) => each.change !== null && each.change !== undefined);
  const base = told ? told.score - told.change : Number(points[0].score);
  const by = change.percent ? base * change.percent / 100 : Number(change.points);
  return up ? base + by : base - by;
}

/** Where scores and times lie in the picture. */
export function scales({points, lowest, highest}) {
  const times = points.map((each) => Date.parse(each.taken_at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return {
    x: (at) => LEFT + 12 + (last > first ? (at - first) / (last - first) : 0.5) * (WIDTH - LEFT - RIGHT - 24),
    y: (score) => TOP + (1 - (score - lowest) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM),
  };
}

/** Scores of the parts of the whole. */
const parts = ({parts: found}) => found?.map(({subscale, score}) => `${code(subscale)} ${score}`).join(', ');

/** The scores that count are drawn; those entered by mistake stand in the table, struck. */
export function chart(whole) {
  const measure = {...whole, points: whole.points.filter((each) => !each.in_error)};
  return measure.points.length ? drawn(measure, whole.points) : html`<article class="measure">${scores(whole)}</article>`;
}

/** @param {object} measure with the points that are listed */
const scores = ({points, rule}) => html`<div>${table('scores', `taken_at:day score band change:text responder${points.some((each) => each.findings?.length) ? ' findings' : ''} parts`, points, {score, parts})}
    <p class="note">${t('scored_by')} ${named(rule)}</p></div>`;

const score = (each) => (each.in_error ? html`<s>${each.score}</s> ${t('in_error')}` : each.score);

function drawn(measure, all) {
  const {points, bands, lowest, highest} = measure;
  const {x, y} = scales(measure);
  const wanted = goal(measure);
  const name = [code(measure.instrument), measure.subscale && code(measure.subscale)].filter(Boolean).join(', ');
  const dots = points.map((each) => [x(Date.parse(each.taken_at)), y(each.score)]);
  const last = points.at(-1);
  const end = WIDTH - RIGHT;
  const label = t('chart', {name, count: points.length, score: last.score, band: last.band ? code(last.band) : t('no_band'), when: day(last.taken_at)});
  return html`<article class="measure"><figure><figcaption><b>${name}</b> ${t(measure.higher_is_better ? 'higher_better' : 'lower_better')}</figcaption>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${label}>
      ${bands.map((each, at) => html`<rect class=${`score-band b${at % 2}`} x=${LEFT} width=${end - LEFT} y=${y(each.up_to)} height=${Math.max(0, y(each.above) - y(each.up_to))} />
        <text class="score-band-name" x=${end + 6} y=${(y(each.above) + y(each.up_to)) / 2 + 4}>${code(each.code)}</text>`)}
      ${[lowest, highest].map((each) => html`<text class="axis" text-anchor="end" x=${LEFT - 6} y=${y(each) + 4}>${each}</text>`)}
      <path class="frame" d=${`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${end}`} />
      ${wanted !== null && wanted >= lowest && wanted <= highest && html`<path class="goal" d=${`M${LEFT} ${y(wanted)}H${end}`} /><text class="goal-name" x=${LEFT + 6} y=${y(wanted) - 5}>${t('goal_line', {score: Math.round(wanted * 100) / 100})}</text>`}
      <polyline class="line-of-scores" points=${dots.map((each) => each.join(',')).join(' ')} />
      ${dots.map(([left, top]) => html`<circle class="score" cx=${left} cy=${top} r="4.5" />`)}
      ${[points[0], ...(points.length > 1 ? [last] : [])].map((each, at) => html`<text class="axis" text-anchor=${at ? 'end' : 'start'} x=${at ? end : LEFT} y=${HEIGHT - 8}>${day(each.taken_at)}</text>`)}
    </svg></figure>
    ${scores({...measure, points: all})}</article>`;
}
