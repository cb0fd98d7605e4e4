// Small pure pieces of forms: words filled in, a value put into a tree, what an answer means.

/** `{name}` filled in; a key without words is shown as it is. */
export const worded = (words, key, values = {}) => (words?.[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

/** The tree with another value at the path. The one given is left as it was. */
export function put(tree, [step, ...rest], value) {
  if (step === undefined) return value;
  const copy = Array.isArray(tree) ? [...tree] : {...tree};
  copy[step] = put(copy[step], rest, value);
  return copy;
}

/** What stands at the path. */
export const at = (tree, path) => path.reduce((inside, step) => inside?.[step], tree);

/** The name of a field wherever its row is: `legs.slot`. */
export const plain = (path) => path.filter((each) => typeof each === 'string').join('.');

/** Nobody knows whether it was done: the same key is used again. */
export const isLost = ({status}) => status === 0 || status >= 500 || status === 401 || status === 429;

/** What stands at `name.of.something` of the reads. `each[]`: of all entries of a list. */
export function found(known, source) {
  return source.split('.').reduce((inside, step) => {
    if (inside === undefined || inside === null) return undefined;
    const name = step.replace('[]', '');
    const all = Array.isArray(inside) ? inside.flatMap((each) => each[name] ?? []) : inside[name];
    return all;
  }, known);
}
