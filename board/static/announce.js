// What is said to those who listen: counts at most every five seconds, warnings at once, each safety item once.
import {say} from './words.js';

const APART_MS = 5000;

export class Announcer {
  /** @param {{polite: (text: string) => void, alert: (text: string) => void}} to @param {() => string} level */
  constructor(to, level) {
    Object.assign(this, {to, level, fresh: 0, overdue: 0, saidAt: -Infinity, timer: 0, warned: new Set()});
  }

  /** Counts are said together when it is their turn. */
  count(fresh, overdue) {
    if (this.level() !== 'all' || !(fresh || overdue)) return;
    this.fresh += fresh;
    this.overdue += overdue;
    this.timer ||= setTimeout(() => this.speak(), Math.min(APART_MS, Math.max(0, this.saidAt + APART_MS - Date.now())));
  }

  /** @param {string} id @param {string} text */
  safety(id, text) {
    if (this.warned.has(id) || this.level() === 'none') return;
    this.warned.add(id);
    this.alert(text);
  }

  /** @param {string} text */
  alert(text) {
    this.saidAt = Date.now();
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.speak(), APART_MS);
    }
    this.to.alert(text);
  }

  speak() {
    const said = [
      this.fresh && say('announced_new', {count: this.fresh}),
      this.overdue && say('announced_overdue', {count: this.overdue}),
    ];
    Object.assign(this, {timer: 0, saidAt: Date.now(), fresh: 0, overdue: 0});
    this.to.polite(said.filter(Boolean).join(', '));
  }
}
