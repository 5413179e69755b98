/** How a range of time is cut into the steps of a chart. Days and months are those of UTC. */
import type { Range } from '@/format/range'
import type { Interval } from './search'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Control sums up by the hour over so many days at most. */
const LONGEST_HOURLY = 31 * DAY

function lengthOf({ since, until }: Range, nowMs: number): number {
  return (until ? Date.parse(until) : nowMs) - Date.parse(since)
}

/** The interval of a range as it was asked for or suits it; `null`: it is shorter than hours show. */
export function intervalOf(
  range: Range,
  asked: Interval | undefined,
  nowMs: number,
): Interval | null {
  const length = lengthOf(range, nowMs)
  if (asked === 'hour' && length > LONGEST_HOURLY) return 'day'
  if (asked) return asked
  if (length <= 6 * HOUR) return null
  if (length <= 3 * DAY) return 'hour'
  return length <= 92 * DAY ? 'day' : 'month'
}

function begin(interval: Interval, ms: number): number {
  const at = new Date(ms)
  const month = [at.getUTCFullYear(), at.getUTCMonth()] as const
  if (interval === 'month') return Date.UTC(...month)
  if (interval === 'day') return Date.UTC(...month, at.getUTCDate())
  return Math.floor(ms / HOUR) * HOUR
}

function next(interval: Interval, ms: number): number {
  const at = new Date(ms)
  if (interval === 'month') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1)
  return ms + (interval === 'day' ? DAY : HOUR)
}

/** The beginnings of all intervals that a range touches, oldest first. */
export function startsOf(range: Range, interval: Interval, nowMs: number): number[] {
  const end = range.until ? Date.parse(range.until) : nowMs
  const starts: number[] = []
  for (let at = begin(interval, Date.parse(range.since)); at < end; at = next(interval, at)) {
    starts.push(at)
  }
  return starts
}
