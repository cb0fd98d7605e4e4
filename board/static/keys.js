// Which key asks for what. Letters that change something act only in a list or an item; all may be switched off.

const ANYWHERE = {'/': 'find', '.': 'apply', p: 'pause', '[': 'previous', ']': 'next', '?': 'keys', z: 'undo', j: 'down', k: 'up'};
const IN_LIST = {c: 'claim', r: 'release', h: 'hold', t: 'transfer'};
const ALWAYS = {ArrowDown: 'down', ArrowUp: 'up', Escape: 'close'};

/** @param {KeyboardEvent} event @param {{single: boolean, dialog: boolean}} now @returns {string|null} */
export function wish(event, {single, dialog}) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const inList = Boolean(event.target.closest?.('[data-list], [data-item]'));
  const typing = Boolean(event.target.closest?.('input, textarea, select, [contenteditable]'));
  if (event.key === 'Escape') return 'close';
  if (typing || dialog) return null;
  if (event.key in ALWAYS) return inList ? ALWAYS[event.key] : null;
  if (!single) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return ANYWHERE[key] ?? (inList ? IN_LIST[key] ?? null : null);
}
