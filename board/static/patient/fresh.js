// Whether the patient page still shows what is true: as long as the patient's items, which the stream brings, stand as they
// stood when it was read.

const OWN_MS = 5000;

/** The versions of a patient's items. Pure. @param {Map<string, object>} items @returns {Map<string, number>} */
export const standing = (items, patient) => new Map([...items.values()].filter((row) => row.patient_id === patient).map((row) => [row.item_id, row.version]));

/** How many came, went or changed. Pure. */
export const otherwise = (before, now) => new Set([...before.keys(), ...now.keys()].filter((id) => before.get(id) !== now.get(id))).size;

export class Fresh {
  round = 0;
  actedAt = -Infinity;

  /** How many changes wait to be shown. Those that follow from what the viewer did are not waited with. */
  changes(patient, {loaded, items}, at) {
    if (!loaded) return 0;
    const now = standing(items, patient);
    if (this.patient !== patient) Object.assign(this, {patient, before: now});
    const count = otherwise(this.before, now);
    if (!count || at - this.actedAt > OWN_MS) return count;
    Object.assign(this, {before: now, round: this.round + 1});
    return 0;
  }

  /** Everything is read again. */
  again() {
    Object.assign(this, {patient: null, round: this.round + 1});
  }

  /** The viewer did something here. */
  acted(at) {
    this.actedAt = at;
    this.again();
  }
}
