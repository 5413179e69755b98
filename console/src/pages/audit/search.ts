import { type Range, type RangeSearch, rangeSearch } from '@/format/range'
import { shellQuote } from '@/format/snippets'

export interface AuditFilters {
  actor?: string | undefined
  action?: string | undefined
  object?: string | undefined
  origin?: string | undefined
}

export interface AuditSearch extends RangeSearch, AuditFilters {
  /** The whole platform instead of the chosen organisation. */
  everywhere?: true | undefined
  /** The event whose details are open, as `chain:number`. */
  event?: string | undefined
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  return {
    ...rangeSearch(search),
    actor: text(search.actor),
    action: text(search.action),
    object: text(search.object),
    origin: text(search.origin),
    everywhere: search.everywhere === true ? true : undefined,
    event: text(search.event),
  }
}

/** The same search on the command line. */
export function asCommand(orgId: string | undefined, filters: AuditFilters, range: Range): string {
  const { actor, action, object, origin } = filters
  const { since, until } = range
  const options = { organization: orgId, since, until, actor, action, object, request: origin }
  const given = Object.entries(options).filter(([, value]) => value)
  return [
    'mainspring audit list',
    ...given.map(([name, value]) => `--${name} ${shellQuote(`${value}`)}`),
  ].join(' ')
}
