// What patients are called in lists: read from the referral service in batches, kept in memory only.
import {get, listOf} from './api.js';

const BATCH = 100;

export class Labels {
  /** @param {() => void} changed */
  constructor(changed) {
    Object.assign(this, {changed, known: new Map(), asked: new Set(), off: false});
  }

  /** @param {Iterable<import('./store.js').Row>} rows */
  async read(rows) {
    if (this.off) return;
    const ids = new Set([...rows].map((row) => row.patient_id));
    const missing = [...ids].filter((id) => id && !this.asked.has(id));
    for (const id of missing) this.asked.add(id);
    for (let at = 0; at < missing.length; at += BATCH) await this.batch(missing.slice(at, at + BATCH));
  }

  /** What could not be had is asked for again with the next news. */
  async batch(ids) {
    const answer = await get('referral', `/labels?${ids.map((id) => `patient_id=${id}`).join('&')}`);
    if (answer.status === 403) this.off = true;
    if (!answer.body?.labels) ids.forEach((id) => this.asked.delete(id));
    for (const each of listOf(answer, 'labels')) this.known.set(each.patient_id ?? each.id, each.label);
    this.changed();
  }
}
