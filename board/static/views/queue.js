// One queue: what waits in groups, what is apart beside it, or the item that is open.
import {html} from '../html.js';
import {due, plainDay, span} from '../clock.js';
import {APART, GROUPS} from '../store.js';
import {say, title, word} from '../words.js';
import {Item} from './item.js';
import {count, dueOf, icon, initials, key} from './parts.js';
import {detail, rowAt} from './row.js';

const WHO = [['', 'everyone'], ['mine', 'mine'], ['nobody', 'nobody']];
const DUE = [['', 'any_due'], ['late', 'due_late'], ['today', 'due_today'], ['week', 'due_week']];

export function Queue({board}) {
  const {queue, item} = board.route;
  const found = board.counts(queue);
  const places = board.places ?? {};
  const seen = Object.values(places).flat().filter((id) => board.row(id));
  const hidden = board.rowsOf(queue).length - seen.filter((id) => board.state.items.has(id)).length - board.changes;
  const right = board.rights[queue];
  return html`<main class=${item ? 'queue with-item' : 'queue'} data-tab=${board.tab} id="main">
    <header class="head">
      <h1 tabindex="-1">${word('queues', queue)}</h1>
      <p class="counts">${count('waiting', found.waiting)}${found.safety > 0 && count('safety', found.safety, 'late')}
        ${found.overdue > 0 && count('overdue', found.overdue, 'late')}${found.unverified > 0 && count('unverified', found.unverified, 'wide')}${found.since && html`<span class="count wide">${say('longest_wait', {time: ''})}<b>${span(Date.parse(found.since), board.drawnAt)}</b></span>`}</p>
      <div class="filters">
        <label class="find">${icon('find')}<input type="search" placeholder=${say('find')} aria-label=${say('find_label')} value=${board.route.find}
          onInput=${(event) => board.search(event.target.value)} />${key('/', board)}</label>
        ${!item && html`${choice(board, 'who', 'who_label', WHO)}${choice(board, 'due', 'due_label', DUE)}<a class="button" href="/board/waits">${say('waits')}</a>`}
      </div>
    </header>
    ${right && !right.can?.length && board.line !== 'lost' && html`<p class="note">${say(right.yours ? 'no_claim' : 'no_queue')}</p>`}
    <div class="columns">
      <div class="list panel" data-list="main">${list({board, places, hidden: Math.max(0, hidden)})}</div>
      ${item ? html`<${Item} board=${board} />` : html`<aside data-list="apart">${APART.map((name) => apart(board, name, places[name] ?? []))}</aside>`}
    </div>
    <nav class="tabs" aria-label=${word('groups', 'waiting')}>${['waiting', ...APART].map((name) => tab(board, name, name === 'waiting' ? found.waiting : places[name]?.length))}</nav>
  </main>`;
}

function choice(board, name, label, options) {
  return html`<select class="button" aria-label=${say(label)} value=${board.route[name]} onChange=${(event) => board.filter(name, event.target.value)}>
    ${options.map(([value, text]) => html`<option value=${value} selected=${board.route[name] === value}>${say(text)}</option>`)}</select>`;
}

function tab(board, name, number) {
  const chosen = board.tab === name;
  return html`<button aria-current=${chosen ? 'true' : null} onClick=${() => { board.tab = name; board.draw(); }}><b>${number ?? 0}</b>${word('groups', name === 'others' ? 'others_short' : name)}</button>`;
}

function list({board, places, hidden}) {
  if (!board.state.loaded) return Date.now() - board.startedAt > 300 && html`<div class="loading" role="img" aria-label=${say('loading')}>${[1, 2, 3, 4, 5].map(() => html`<i></i>`)}</div>`;
  const groups = GROUPS.filter((name) => places[name]?.length);
  const late = (places.act_first ?? []).some((id) => board.row(id)?.overdue);
  const filter = board.route.find || board.route.due || board.route.who;
  if (!groups.length) return html`<p class="empty">${filter ? say('filtered', {count: hidden}) : say('empty')} ${filter && clear(board)}</p>`;
  return html`${groups.map((name, at) => html`<section class=${`group ${name}`} key=${name} aria-labelledby=${`group-${name}`}>
    <div class="bar"><h2 id=${`group-${name}`}>${heading(name, late, board)} <span>${places[name].length}</span></h2>${at === 0 && html`<span class="due" aria-hidden="true">${say('due_head')}</span><span class="wait" aria-hidden="true">${say('waiting_head')}</span>`}</div>
    <ol>${places[name].map((id) => rowAt(board, id, name))}</ol>
  </section>`)}${filter && hidden > 0 && html`<p class="empty">${say('hidden', {count: hidden})} ${clear(board)}</p>`}`;
}

const heading = (name, late, {route}) => word('groups', route.strict && name === 'act_first' ? 'strict' : name === 'overdue' && late ? 'other_overdue' : name);

function clear(board) {
  return html`<button onClick=${() => board.go(location.pathname)}>${say('clear')}</button>`;
}

function apart(board, name, ids) {
  return html`<section class=${`panel ${name}`} key=${name} aria-labelledby=${`apart-${name}`}>
    <h2 id=${`apart-${name}`}>${word('groups', name)} <span>${ids.length}</span></h2>
    ${ids.length ? html`<ol>${ids.map((id) => board.row(id) && card(board, name, board.row(id)))}</ol>` : html`<p class="empty">${say('empty_apart')}</p>`}
  </section>`;
}

function card(board, name, row) {
  const {item_id: id} = row;
  const label = board.label(row);
  const who = name === 'others' && board.who(row.claimed_by);
  const below = {
    yours: () => detail(row),
    others: () => say('for_minutes', {who, time: span(Date.parse(row.claimed_at), board.drawnAt)}),
    hold: () => [word('reasons', row.hold_reason), detail(row)].filter(Boolean).join(', ') || span(Date.parse(row.waiting_since), board.drawnAt),
  }[name]();
  const until = name === 'hold' && say('back', {day: plainDay(row.resume_on)});
  return html`<li class=${`card ${row.group === 'safety' ? 'safety' : ''}`} key=${id} data-id=${id}>
    <a class="main" data-row=${id} tabindex=${board.first === id ? 0 : -1} href=${`/board/${row.queue}/${id}`} aria-label=${[title(row), label, below, until || due(row, board.drawnAt).first].filter(Boolean).join(', ')}>
      ${name !== 'yours' && html`<span class="face" aria-hidden="true">${who ? initials(who) : icon('pause')}</span>`}
      <b>${row.group === 'safety' && icon('flag')}${title(row)}</b><span class="label">${label}</span>
      <span class="below">${below}</span>${until ? html`<span class="due">${until}</span>` : dueOf(row, board.drawnAt)}
    </a>
    ${name === 'yours' && html`<div class="do"><a class="button" href=${`/board/${row.queue}/${id}`} tabindex=${board.first === id ? 0 : -1} aria-label=${`${say('open')} ${title(row)}, ${label}`}>${say('open')}</a>
      ${['release', 'transfer'].map((action) => html`<button key=${action} data-do=${action} tabindex=${board.first === id ? 0 : -1} aria-label=${`${say(action)} ${title(row)}, ${label}`} disabled=${board.busy.has(id)}>${say(action)}</button>`)}</div>`}
  </li>`;
}
