/**
 * One row for each process. Under the supervisor a process is reported twice: by the supervisor,
 * which sees it from outside (started, exited, how much memory), and by itself, which knows its
 * work (snapshot, spool). A cluster has only the second kind.
 */
import type { Part } from '@/api/types'

/** Roles whose processes report by themselves. */
const SELF_REPORTING = new Set(['gateway', 'control', 'worker'])

const ORDER = ['supervisor', 'database', 'control', 'gateway', 'worker', 'runtime']

function isFromOutside(part: Part): boolean {
  return SELF_REPORTING.has(part.role) && part.instance_id === part.role
}

/** Unite both reports: the outside's state unless it is `ready`, the facts of both. */
function united(outside: Part, inside: Part): Part {
  return {
    ...inside,
    name: outside.name,
    state: outside.state === 'ready' ? inside.state : outside.state,
    details: { ...outside.details, ...inside.details },
  }
}

/** The processes in the order in which they depend on each other. */
export function processesOf(parts: Part[]): Part[] {
  const outside = new Map(parts.filter(isFromOutside).map((part) => [part.role, part]))
  const paired = new Set<string>()
  const rows = parts
    .filter((part) => !isFromOutside(part))
    // A process that was replaced stays silent until it is forgotten; its successor has its row.
    .filter((part) => !(part.state === 'lost' && outside.has(part.role)))
    .map((part) => {
      const other = outside.get(part.role)
      if (!other || paired.has(part.role)) return part
      paired.add(part.role)
      return united(other, part)
    })
  for (const [role, part] of outside) if (!paired.has(role)) rows.push(part)
  const rank = ({ role }: Part) => (ORDER.indexOf(role) + ORDER.length + 1) % (ORDER.length + 1)
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
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
