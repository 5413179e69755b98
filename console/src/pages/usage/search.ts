import type { Agreement, Idle } from '@/api/types'
import { type RangeSearch, rangeSearch } from '@/format/range'
import { METRICS, type Metric } from './figures'
import { isMonth } from './months'

/** What sums can be split by, the most asked for first; with the field of a record that tells it. */
export const COLUMNS = {
  model: 'model',
  project: 'project_id',
  key: 'key_id',
  actor: 'actor_id',
  operation: 'operation',
  upstream: 'upstream_id',
  upstream_model: 'upstream_model',
  region: 'region',
  track: 'track',
  organization: 'org_id',
} as const

export type Dimension = keyof typeof COLUMNS

export const DIMENSIONS = Object.keys(COLUMNS) as Dimension[]

/** The most that control splits by at once. */
export const MOST_DIMENSIONS = 4

export const INTERVALS = ['hour', 'day', 'month'] as const

export type Interval = (typeof INTERVALS)[number]

export const OVERS = ['project', 'organization', 'everything'] as const

export type Over = (typeof OVERS)[number]

export const REPORTS = [
  'usage',
  'forecast',
  'chargeback',
  'gpus',
  'idle',
  'reconciliation',
] as const

export type ReportName = (typeof REPORTS)[number]

/** Reports of the whole platform, whoever's calls are looked at. */
export const OF_PLATFORM: readonly ReportName[] = ['gpus', 'reconciliation']

/** Reports of organisations: a project alone has none. */
export const OF_ORGANIZATIONS: readonly ReportName[] = ['chargeback', 'idle']

export const AGREEMENTS = ['drifted', 'waiting', 'matched'] as const satisfies Agreement[]

export const IDLE_KINDS = ['model', 'target', 'upstream', 'key'] as const satisfies Idle['kind'][]

/** Without a call for so many days. */
export const IDLE_DAYS = [7, 14, 30, 60, 90] as const

export const USUAL_IDLE_DAYS = 30

const MOST_IDLE_DAYS = 92

export const NARROWINGS = ['model', 'key', 'actor'] as const

export type Narrowing = (typeof NARROWINGS)[number]

export interface UsageSearch extends RangeSearch, Partial<Record<Narrowing, string | undefined>> {
  /** Dimensions, separated by commas. */
  by?: string | undefined
  metric?: Metric | undefined
  interval?: Interval | undefined
  over?: Over | undefined
  report?: ReportName | undefined
  /** Of the chargeback, `2026-10`. */
  month?: string | undefined
  /** How an hour of a gateway stands with the ledger. */
  agreement?: Agreement | undefined
  kind?: Idle['kind'] | undefined
  /** Without a call for so long; 30 unless it is said. */
  days?: number | undefined
  /** The hour or the price that is open; `new` is a price that is being written. */
  open?: string | undefined
}

const USUAL: Dimension[] = ['model']

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

/** The dimensions that an address names: at least one, at most four, each once. */
export function dimensionsOf(by: unknown): Dimension[] {
  const named = new Set(text(by)?.split(','))
  const known = [...named].filter((name): name is Dimension => Object.hasOwn(COLUMNS, name))
  return known.length > 0 ? known.slice(0, MOST_DIMENSIONS) : USUAL
}

/** Dimensions as an address has them; what holds anyway is left out. */
export function byOf(dimensions: Dimension[]): string | undefined {
  const by = dimensions.join(',')
  return by === USUAL.join(',') || by === '' ? undefined : by
}

/** Whose calls are summed up: what is compared has to be in it. */
export function overOf({ over, by }: UsageSearch): Over {
  if (over) return over
  const dimensions = dimensionsOf(by)
  if (dimensions.includes('organization')) return 'everything'
  return dimensions.includes('project') ? 'organization' : 'project'
}

/** The days that an address names, if control can look so far back. */
function idleDays(days: unknown): number | undefined {
  const many = Number(days)
  const possible = Number.isInteger(many) && many >= 1 && many <= MOST_IDLE_DAYS
  return possible && many !== USUAL_IDLE_DAYS ? many : undefined
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  return {
    ...rangeSearch(search),
    by: byOf(dimensionsOf(search.by)),
    metric: METRICS.find((metric) => metric === search.metric),
    interval: INTERVALS.find((interval) => interval === search.interval),
    over: OVERS.find((over) => over === search.over),
    report: REPORTS.find((report) => report === search.report),
    month: isMonth(search.month) ? search.month : undefined,
    agreement: AGREEMENTS.find((agreement) => agreement === search.agreement),
    kind: IDLE_KINDS.find((kind) => kind === search.kind),
    days: idleDays(search.days),
    open: text(search.open),
    model: text(search.model),
    key: text(search.key),
    actor: text(search.actor),
  }
}
