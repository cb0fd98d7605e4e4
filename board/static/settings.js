// What somebody set for themselves: kept by this browser, for this page and the next.

const STORED = 'huddle';
const BEGUN = {theme: 'system', sound: false, keys: true, announce: 'all'};

/** @returns {typeof BEGUN} */
export function stored() {
  try {
    return {...BEGUN, ...JSON.parse(localStorage.getItem(STORED))};
  } catch {
    return {...BEGUN};
  }
}

/** @param {typeof BEGUN} settings */
export function keep(settings) {
  try {
    localStorage.setItem(STORED, JSON.stringify(settings));
  } catch { /* not allowed here: they hold until the page is left */ }
}

/** @param {string} name as the settings have it */
export function theme(name) {
  document.documentElement.dataset.theme = name;
}
