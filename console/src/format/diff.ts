/** What a change changes, field by field. */

export interface Change {
  /** Where in the object: `limits.requests_per_minute`. */
  path: string
  before: string | null
  after: string | null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function leaves(value: unknown, prefix: string, found: Map<string, string>): void {
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [name, inner] of Object.entries(value)) {
      leaves(inner, prefix ? `${prefix}.${name}` : name, found)
    }
    return
  }
  // Nothing at all, or an object without fields, has no field to tell of.
  if (value === undefined || (prefix === '' && (value === null || isObject(value)))) return
  found.set(prefix, typeof value === 'string' ? value : JSON.stringify(value))
}

/** The fields that differ, in the order of their names; `null` is a field that is not there. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const old = new Map<string, string>()
  const present = new Map<string, string>()
  leaves(before, '', old)
  leaves(after, '', present)
  return [...new Set([...old.keys(), ...present.keys()])]
    .toSorted()
    .map((path) => ({ path, before: old.get(path) ?? null, after: present.get(path) ?? null }))
    .filter((change) => change.before !== change.after)
}
