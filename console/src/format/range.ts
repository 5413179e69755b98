/** Ranges of time that a page shows: a few spans that end now, or any two moments. */

export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d'] as const

export type RangeName = (typeof RANGES)[number]

const MINUTES: Record<RangeName, number> = {
  '15m': 15,
  '1h': 60,
  '6h': 360,
  '24h': 1_440,
  '7d': 10_080,
  '30d': 43_200,
}

/** What an address carries of a range; both moments RFC 3339. */
export interface RangeSearch {
  range?: RangeName | undefined
  since?: string | undefined
  until?: string | undefined
}

/** A range as the API takes it; without `until` it ends now. */
export interface Range {
  since: string
  until: string | undefined
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

function moment(value: unknown): string | undefined {
  const written = text(value)
  return written && !Number.isNaN(Date.parse(written)) ? written : undefined
}

/** Read a range from an address; what cannot be understood is left out. */
export function rangeSearch(search: Record<string, unknown>): RangeSearch {
  return {
    range: RANGES.find((name) => name === search.range),
    since: moment(search.since),
    until: moment(search.until),
  }
}

/** The moments of a range at `nowMs`; a pair of moments beats a named span. */
export function rangeOf(search: RangeSearch, usual: RangeName, nowMs: number = Date.now()): Range {
  if (search.since) return { since: search.since, until: search.until }
  const minutes = MINUTES[search.range ?? usual]
  return { since: new Date(nowMs - minutes * 60_000).toISOString(), until: undefined }
}

/** Cut a range into at most `most` equal parts of a round length, oldest first; ends are exclusive. */
export function bucketsOf(
  { since, until }: Range,
  most: number,
  nowMs: number = Date.now(),
): { since: number; until: number }[] {
  const end = until ? Date.parse(until) : nowMs
  const start = Date.parse(since)
  if (!(end > start)) return []
  const step = ROUND_MS.find((ms) => (end - start) / ms <= most - 1) ?? ROUND_MS.at(-1) ?? 1
  const first = Math.floor(start / step) * step
  const count = Math.min(Math.ceil((end - first) / step), 400)
  return Array.from({ length: count }, (_, index) => ({
    since: first + index * step,
    until: first + (index + 1) * step,
  }))
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ROUND_MS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
]

/** A moment as the browser's `datetime-local` control writes it, in the reader's zone. */
export function localMoment(iso: string): string {
  const at = new Date(iso)
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * MINUTE)
  return shifted.toISOString().slice(0, 16)
}

/** What a `datetime-local` control holds as RFC 3339, or nothing while it is incomplete. */
export function momentOf(local: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local)) return undefined
  const at = new Date(local)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
