// The sections of the patient page: each a small view over its services' reads. Nothing here computes what a service knows.
import {html} from '../html.js';
import {chart} from './chart.js';
import {acts, choosing} from './acts.js';
import {Open, Read} from './read.js';
import {code, day, ended, facts, latest, status, t, table, time} from './texts.js';

export const read = (props, eager) => html`<${Read} key=${props.path} eager=${eager} ...${props} />`;
const open = (service, path, label) => html`<${Open} service=${service} path=${path} label=${label} />`;
const named = (caption, name, spec, by, more) => (body) => table(caption, spec, by ? latest(body[name], by) : body[name], more);
const none = () => html`<p class="empty">${t('nothing')}</p>`;

const SIGNS = {red_flags: ({red_flags: all}) => all?.map((each) => `${code(each.flag)}: ${each.result ? code(each.result) : t('not_assessed')}`).join('; ')};

const SAID = 'urgency.category:code:decided_urgency suggestion.category:code:suggested_urgency target_date:day missing information_request.decide_on:day red_flags decision.disposition decision.code';
export const aboutReferral = (referral) => facts(referral, SAID, SIGNS);

const referrals = ({referrals: all}) => (all.length ? latest(all, 'clock_start').map((each) => html`<article key=${each.id}>
  <h3>${t('referral_of', {day: day(each.clock_start)})} ${status(each.status)}</h3>
  ${aboutReferral(each)}
  ${open('referral', `/referrals/${each.id}/package`, t('package'))} ${acts('referral', each)}
  ${['rejected', 'advice_only', 'redirected'].includes(each.decision?.disposition) && open('referral', `/referrals/${each.id}/advice`, t('advice'))}</article>`) : none());

const doses = ({patient_id: id, exposures}) => html`${judged(exposures)}${acts('taper', {id}, 'do_taper')}`;
const judged = (exposures) => (exposures.length ? exposures.map((each) => html`${table('doses', 'at:day mme_per_day:text status risk_factors', latest(each.judged, 'at'))}
  ${each.taper && table('taper', 'on:day mme:text:mme_per_day', each.taper.steps)}${each.stated && html`<p class="note">${t('stated')}</p>`}${each.list_ref && open('care_plan', `/contents/${each.list_ref}`, t('medicines'))}`) : table('doses', '', []));

const OVER = ['cancelled', 'fulfilled', 'noshow', 'entered-in-error'];
const start = (each) => each.date?.start ?? each.choices?.[0]?.start ?? '';
const VISIT = 'when matter.discipline matter.purpose status:status reason';
const doing = (kind, more) => ({...more, do: choosing(kind)});

/** `doing`: what can be done about each. */
export const visits = (now, doing) => ({appointments: all}) => {
  const comes = (each) => !OVER.includes(each.status) && (!start(each) || start(each) >= now);
  const part = (caption, found) => table(caption, `${VISIT}${doing ? ' do' : ''}`, found, {when: (each) => time(start(each)) || t('no_date'), do: doing});
  return html`${part('coming', all.filter(comes))}${part('past', all.filter((each) => !comes(each)).reverse())}`;
};

const level = (number) => (number > 0 ? `+${number}` : String(number).replace('-', '\u2212'));
const reached = (goal) => goal.level ?? goal.baseline_level;

/** The goal's five steps, with where it began and where it is. */
const scale = (goal) => html`<span class="gas" role="img" aria-label=${t('scale_said', {from: level(goal.baseline_level), to: level(reached(goal))})}>
  ${[-2, -1, 0, 1, 2].map((each) => html`<i class=${each === reached(goal) ? 'now' : each === goal.baseline_level ? 'base' : ''}></i>`)}</span>`;

const short = (said) => (said && typeof said === 'object' ? said.text ?? [said.discipline, said.kind].filter(Boolean).map(code).join(', ') : said ?? t('none'));
const difference = (version) => Object.entries(version.difference).filter(([part]) => !/(_ids?|reason)$/.test(part)).map(([part, {added, removed, from, to}]) => html`<div><b>${code(part)}</b>:
  ${(removed ?? (from ? [from].flat() : [])).map((each) => html` <del>${short(each)}</del>`)}${(added ?? [to].flat()).map((each) => html` <ins>${short(each)}</ins>`)}</div>`);
const sessions = ({course: {order, allowed, sessions_done: done = 0}}) => order.sessions && `${done} / ${allowed ?? order.sessions}`;

const part = (id, name, view, eager) => read({service: 'care_plan', path: `/plans/${id}/${name}`, view, list: name === 'versions' && name}, eager);

/** Where a plan stands, its goals and its work. `doing`: what can be done about the work. */
export const aboutPlan = (eager, doing) => ({id, ...plan}) => html`
  ${facts(plan, 'course.started_on:day course.review_on:day until:day ends_on:day course.high_risk')}
  ${part(id, 'goals', named('goals', 'goals', 'text:text scale level target_on:day achievement', '', {scale, level: (goal) => level(reached(goal)), achievement: (goal) => goal.achievement && code(goal.achievement)}), eager)}
  ${part(id, 'activities', named('activities', 'activities', `course.order.discipline course.order.kind sessions status:status${doing ? ' do' : ''}`, 'course.order.discipline', {sessions, do: doing}), eager)}`;

const plans = (eager) => ({plans: all}) => (all.length ? latest(all, 'changed_at').map((each) => html`<article key=${each.id}><h3>${t('plan_number', {number: each.course.plan_version ?? 1})} ${status(each.status)}</h3>${acts('plan', each)}
  ${aboutPlan(eager, choosing('activity'))(each)}
  ${part(each.id, 'team', named('team', 'team', 'name disciplines lead', '', {name: (one) => one.name ?? t('unknown_person'), lead: (one) => t(one.lead ? 'leads' : 'member')}), eager)}
  ${part(each.id, 'versions', named('versions', 'versions', 'plan_version:text at:day reason:text difference', '', {difference}), eager)}</article>`) : none());

export const aboutProcedure = (each) => facts(each, 'order.family:code:procedure order.region order.side order.levels date.on:day relief_pct:text');
export const aboutHold = (plan) => facts(plan, 'status:code:antithrombotics lines', {lines: (one) => one.lines?.map(held).join('; ')});
const permitted = {status: ({granted, status: stands}) => code(granted === undefined ? stands : granted ? 'granted' : 'refused'), do: choosing('override')};
const exceptions = ({overrides = []}) => overrides.length > 0 && table('overrides', 'rule:rule on:day status do', overrides.map((each) => ({...each, id: each.override_id})), permitted);
const held = (line) => `${code(line.drug)}: ${line.hold_hours ? t('held_hours', {hours: line.hold_hours}) : t('goes_on')}`;

/** What is or was to be done, what must be true before it, and which drugs stop for it. */
const procedures = (eager) => ({procedures: all}) => (all.length ? latest(all, 'changed_at').map((each) => html`<article key=${each.id}><h3>${code(each.order.family)} ${status(each.status)}</h3>${acts('procedure', each)}
  ${facts(each, 'order.region order.side order.levels date.on:day relief_pct:text')}
  ${exceptions(each)}
  ${read({service: 'scheduling', path: `/procedures/${each.id}/gates`, view: named('gates', 'gates', 'kind status:status valid_to:day do', '', doing('gate'))}, eager)}
  ${read({service: 'care_plan', path: `/procedures/${each.id}/antithrombotic-plan`, view: aboutHold}, eager)}</article>`) : none());

export const cases = (doing) => ({cases: all}) => (all.length ? all.map((each) => html`<article key=${each.id}><h3>${t('case')} ${status(each.status)}</h3>${doing(each)}
  ${facts(each, 'reasons start:time')}
  ${each.decisions.map((one) => html`<div class="decision">${facts(one, 'at:day decision attendees quorum_met dissent', {dissent: () => t(one.dissent ? 'in_minutes' : 'none')})}${open('care_plan', `/contents/${one.note_ref}`, t('minutes'))}</div>`)}</article>`) : table('cases', '', []));

const opens = (service, path, key) => ({open: (each) => open(service, path(each), t(key, {kind: ended(code(each.kind))}))});
/** Shown by sections of their own, or nobody's reading. */
const ELSEWHERE = ['wording', 'source_key', 'identity', 'contact', 'letter'];
const contents = (service) => ({contents: all}) => table(`written_${service}`, 'written_at:time kind open', all.filter((each) => !ELSEWHERE.includes(each.kind)), opens(service, (each) => `/contents/${each.ref}`, 'open_kind'));
const words = (each) => each.text && html`<details><summary>${each.subject ?? t('show_words')}</summary><p class="text">${each.text}</p></details>`;
const legs = (each) => (each.legs ?? []).map((leg) => `${time(leg.start).slice(-5)} ${code(leg.discipline)}`).join(', ');

const consulted = (more) => named('consultations', 'consultations', `started_at:time kind outcome diagnoses status:status${more ? ' do' : ''}`, 'started_at', more);
export const consultations = consulted();
export const replies = named('replies', 'replies', 'at:time reply words', 'at', {words: (each) => each.text ?? t('erased')});
const written = (more) => named('letters', 'letters', `signed_at:day kind audience status:status open${more ? ' do' : ''}`, 'signed_at', {...opens('care_plan', (each) => `/letters/${each.id}`, 'open_letter'), ...more});
export const letters = written();

const timeline = ({facts: all}) => html`<ol class="timeline">${all.map((each) => html`<li key=${each.id}><time datetime=${each.occurred_at}>${time(each.occurred_at)}</time> <b>${code(each.type.split('.')[1])}</b> ${each.actor_role && html`<span>${code(each.actor_role)}</span>`}${each.unverified?.length > 0 && html`<span class="tag status">${t('unverified')}</span>`}</li>`)}</ol>`;

export const scores = ({measures}) => (measures.length ? measures.map(chart) : none());

/** All sections in their order, each with its reads. @param {string} id of the patient @param {string} now */
export function sections(id, now) {
  const care = (path, view, list) => ({service: 'care_plan', path: `/patients/${id}/${path}`, view, list});
  const dates = (path, view, list) => ({service: 'scheduling', path: path.startsWith('/') ? `${path}patient_id=${id}` : `/patients/${id}/${path}`, view, list});
  const of = (service, path, view, list) => ({...care(path, view, list), service});
  return {
    referral: () => [of('referral', 'referrals', referrals, 'referrals'), care('opioid-exposure', doses)],
    visits: () => [
      dates('/appointments?', visits(now, choosing('appointment')), 'appointments'),
      dates('waiting-list', named('waiting', 'entries', 'place.purpose place.category place.target_date:day status:status'), 'entries'),
      dates('/booking-requests?status=open&', named('to_book', 'booking_requests', 'wish.discipline wish.purpose do', '', doing('booking_request')), 'booking_requests'),
      dates('joint-days', named('joint_days', 'joint_days', 'on:day legs status do', 'on', {...doing('joint_day'), legs, status: (each) => (each.status === 'booked' && each.on < now.slice(0, 10) ? html`<span class="tag status">${t('day_over')}</span>` : status(each.status))}), 'joint_days'),
      dates('unavailability', named('absences', 'absences', 'start:day end:day status:status do', 'start', doing('absence')), 'absences'),
    ],
    plan: (eager) => [care('plans', plans(eager), 'plans')],
    procedures: (eager) => [
      care('procedures', procedures(eager), 'procedures'),
      care('hold-texts', named('hold_texts', 'plans', 'last_dose_at:time text:text:words signed_by:person')),
      care('conflicts', named('conflicts', 'conflicts', 'changed_at:day:when status:status do', '', doing('conflict')), 'conflicts'),
    ],
    measures: () => [
      care('measures', scores),
      care('measure-requests', named('asked_measures', 'requests', 'due_on:day occasion outstanding status:status how do', 'due_on', doing('measure_request')), 'requests'),
    ],
    mdt: () => [
      care('consultations', consulted(doing('consultation')), 'consultations'),
      care('mdt-cases', cases((each) => acts('case', each)), 'cases'),
      care('mdt-actions', named('actions', 'actions', 'due_on:day owner_queue kind status:status changed_at:day:when minutes do', 'changed_at', {...doing('action'), minutes: (each) => each.note_ref && open('care_plan', `/contents/${each.note_ref}`, t('minutes'))}), 'actions'),
    ],
    messages: () => [
      of('notifications', 'messages', named('messages', 'messages', 'planned_at:time template channel status:status reason words do', '', doing('message', {words})), 'messages'),
      of('notifications', 'replies', replies),
    ],
    letters: () => [
      care('letters', written({do: (each) => each.status === 'signed' && choosing('letter')(each)}), 'letters'),
      ...['referral', 'care_plan', 'scheduling', 'notifications'].map((service) => of(service, 'contents', contents(service))),
    ],
    timeline: () => [of('worklist', 'timeline?limit=50', timeline, 'facts')],
  };
}
