/** What the calls of a window cost and took, and why some of them failed. */
import type { UsageRecord } from '@/api/types'
import { isFailure, quantile } from './figures'

export interface Spend {
  /** By currency, in billionths: nobody may add them up. */
  costs: Record<string, number>
  /** Calls whose price nobody knows. */
  unpriced: number
  /** How long answers took as a whole, in milliseconds. */
  medianMs: number | null
  p95Ms: number | null
  /** The outcome that most failed calls had. */
  commonest: string | null
}

export function spendOf(
  records: readonly UsageRecord[],
  windowMinutes: number,
  nowMs: number,
): Spend {
  const inside = records.filter(({ at }) => Date.parse(at) > nowMs - windowMinutes * 60_000)
  const costs: Record<string, number> = {}
  const failures = new Map<string, number>()
  let unpriced = 0
  for (const record of inside) {
    if (record.cost_nanos === null) unpriced += 1
    else {
      const currency = record.currency ?? 'USD'
      costs[currency] = (costs[currency] ?? 0) + record.cost_nanos
    }
    if (isFailure(record)) failures.set(record.outcome, (failures.get(record.outcome) ?? 0) + 1)
  }
  const answered = inside.filter((record) => !isFailure(record)).map((one) => one.duration_ms)
  return {
    costs,
    unpriced,
    medianMs: quantile(answered, 0.5),
    p95Ms: quantile(answered, 0.95),
    commonest: [...failures].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null,
  }
}
