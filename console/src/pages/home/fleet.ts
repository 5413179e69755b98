/** The platform's processes as the home page lists them. */
import type { Part } from '@/api/types'

const ORDER = ['supervisor', 'database', 'control', 'gateway', 'worker', 'runtime']

const isGone = ({ state }: Part) => state === 'lost' || state === 'stopped'

/**
 * The processes in the order in which they depend on each other. Control remembers a process for a
 * while after its end; where its successor has the same role and name, only that one is shown.
 */
export function processesOf(parts: Part[]): Part[] {
  const alive = new Set(parts.filter((part) => !isGone(part)).map(placeOf))
  const rank = ({ role }: Part) => (ORDER.indexOf(role) + ORDER.length + 1) % (ORDER.length + 1)
  return parts
    .filter((part) => !isGone(part) || !alive.has(placeOf(part)))
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

function placeOf({ role, name }: Part): string {
  return `${role} ${name}`
}

export type FactId =
  | 'address'
  | 'memory'
  | 'restarts'
  | 'snapshot'
  | 'waiting'
  | 'inFlight'
  | 'running'

/** The few facts worth a line, in a fixed order; zeros that say nothing are left out. */
export function factsOf({ details }: Part): [FactId, number | string][] {
  const number = (name: string) => {
    const value = details[name]
    return typeof value === 'number' ? value : null
  }
  const url = typeof details.url === 'string' ? details.url.replace(/^\w+:\/\//, '') : null
  const port = number('port')
  const found: [FactId, number | string | null][] = [
    ['address', url ?? (port === null ? null : `:${port}`)],
    ['memory', number('rss_mb')],
    ['restarts', number('restarts') || null],
    ['snapshot', number('snapshot_version')],
    ['waiting', number('spool_bytes') || null],
    ['inFlight', number('in_flight') || null],
    ['running', number('running') || null],
  ]
  return found.filter((fact): fact is [FactId, number | string] => fact[1] !== null)
}
