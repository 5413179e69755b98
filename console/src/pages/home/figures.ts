/** What the home page's charts say, computed from the calls that are at hand. */
import type { UsageRecord } from '@/api/types'

/** One step of a chart's time axis; `at` is its beginning in Unix milliseconds. */
export interface Bucket {
  at: number
  ok: number
  failed: number
  input: number
  output: number
  /** Median and 95th percentile of the time to first token; `null` where nothing was measured. */
  ttftP50: number | null
  ttftP95: number | null
}

export interface Figures {
  buckets: Bucket[]
  requests: number
  failed: number
  input: number
  output: number
  ttftP50: number | null
  ttftP95: number | null
}

/** Steps of a chart, whatever the window: enough to see a shape, wide enough to point at. */
export const BUCKETS = 30

/** The value below which the share `q` of the sorted `values` lies (nearest rank). */
export function quantile(values: number[], q: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null
}

/** A call that the platform or the upstream failed to answer; a client that left is not one. */
export function isFailure(record: UsageRecord): boolean {
  return record.status >= 400 && record.status !== 499
}

/** Time to the first token; only a streamed answer has one, of another it is the whole duration. */
export function firstTokenMs({ stream, ttft_ms }: UsageRecord): number | null {
  return stream ? ttft_ms : null
}

export function inputTokens(record: UsageRecord): number {
  return record.input_tokens + record.cached_input_tokens + record.cache_write_tokens
}

export function outputTokens(record: UsageRecord): number {
  return record.output_tokens + record.reasoning_tokens
}

/**
 * Sum up the calls of the last `windowMinutes`. Steps begin at whole multiples of their length, so
 * a bar does not change its calls while time goes on.
 */
export function figuresOf(records: UsageRecord[], windowMinutes: number, nowMs: number): Figures {
  const step = (windowMinutes * 60_000) / BUCKETS
  const end = Math.ceil((nowMs + 1) / step) * step
  const start = end - BUCKETS * step
  const groups: UsageRecord[][] = Array.from({ length: BUCKETS }, () => [])
  for (const record of records) {
    groups[Math.floor((Date.parse(record.at) - start) / step)]?.push(record)
  }
  return {
    buckets: groups.map((group, index) => ({ at: start + index * step, ...sums(group) })),
    ...totals(groups.flat()),
  }
}

function totals(records: UsageRecord[]): Omit<Figures, 'buckets'> {
  const { ok, failed, ...rest } = sums(records)
  return { requests: ok + failed, failed, ...rest }
}

function sums(records: UsageRecord[]): Omit<Bucket, 'at'> {
  const failed = records.filter(isFailure).length
  const ttft = records.map(firstTokenMs).filter((ms) => ms !== null)
  return {
    ok: records.length - failed,
    failed,
    input: records.reduce((sum, record) => sum + inputTokens(record), 0),
    output: records.reduce((sum, record) => sum + outputTokens(record), 0),
    ttftP50: quantile(ttft, 0.5),
    ttftP95: quantile(ttft, 0.95),
  }
}
