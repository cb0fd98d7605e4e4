// The one stream of a page. It notices silence, comes back after every kind of cut, and never skips a change.

const SILENT_MS = 25000;
const LOST_MS = 60000;
const HIDDEN_MS = 60000;
const CHECK_MS = 1000;
const LONGEST_MS = 20000;

const isRow = (said) => typeof said?.item_id === 'string' && typeof said.queue === 'string' && Array.isArray(said.order);
/** What the server says under these names. */
const FITS = {
  reset: ({items}) => Array.isArray(items) && items.every(isRow),
  item: isRow,
  gone: ({key, topic}) => typeof key === 'string' && typeof topic === 'string',
  beat: () => true,
};

/** @typedef {'opening'|'live'|'reconnecting'|'lost'} Line */

export class Stream {
  /**
   * @param {(after: string) => string} address
   * @param {{take: (message: object) => void, line: (line: Line, since: number) => void}} to
   */
  constructor(address, to) {
    Object.assign(this, {address, to, line: 'opening', cursor: '', failed: 0, source: null, retryAt: 0});
    this.heardAt = Date.now();
    this.hiddenAt = document.hidden ? Date.now() : 0;
  }

  start() {
    this.open();
    setInterval(() => this.check(), CHECK_MS);
    window.addEventListener('online', () => this.again());
    window.addEventListener('pageshow', (event) => event.persisted && this.again());
    document.addEventListener('visibilitychange', () => {
      this.hiddenAt = document.hidden ? Date.now() : 0;
      if (!document.hidden && (!this.source || Date.now() - this.heardAt > SILENT_MS)) this.again();
    });
  }

  open() {
    this.close();
    this.triedAt = Date.now();
    const source = this.source = new EventSource(this.address(this.cursor));
    for (const kind of ['reset', 'item', 'gone', 'beat']) {
      source.addEventListener(kind, (event) => source === this.source && this.hear(kind, event));
    }
    source.onerror = () => source === this.source && this.retry();
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  hear(kind, event) {
    const said = read(event.data);
    if (!said || !FITS[kind](said)) {
      this.cursor = ''; // nonsense: everything anew
      this.retry();
      return;
    }
    if (event.lastEventId) this.cursor = event.lastEventId;
    this.heardAt = Date.now();
    this.failed = 0;
    this.tell('live');
    this.to.take(kind === 'item' ? {kind, row: said} : {...said, kind});
  }

  /** A browser gives up for good after an answer that is not 200, so the source is always built anew. */
  retry() {
    this.close();
    this.failed += 1;
    const wait = Math.min(LONGEST_MS, 1000 * 2 ** (this.failed - 1));
    this.retryAt = Date.now() + Math.max(1000, wait * (0.5 + Math.random() / 2));
    this.check();
  }

  again() {
    this.failed = 0;
    this.open();
  }

  check() {
    const now = Date.now();
    this.heardAt = Math.min(this.heardAt, now); // the machine's clock was set back
    this.triedAt = Math.min(this.triedAt, now);
    this.retryAt = Math.min(this.retryAt, now + LONGEST_MS);
    const silent = now - this.heardAt;
    if (this.hiddenAt && now - this.hiddenAt >= HIDDEN_MS) {
      this.close();
      return;
    }
    if (this.source ? silent >= SILENT_MS && now - this.triedAt >= SILENT_MS : now >= this.retryAt) this.open();
    if (silent >= LOST_MS) this.tell('lost');
    else if (silent >= SILENT_MS || !this.source) this.tell('reconnecting');
  }

  /** @param {Line} line */
  tell(line) {
    if (line === this.line) return;
    this.line = line;
    this.to.line(line, this.heardAt);
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
