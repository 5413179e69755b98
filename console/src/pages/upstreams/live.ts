/** How each upstream fared in the calls that are at hand. */
import type { UsageRecord } from '@/api/types'
import { isFailure, quantile } from '@/pages/home/figures'

export interface LiveFigures {
  calls: number
  failed: number
  /** Median time to the first byte, in milliseconds; `null` where none was measured. */
  medianMs: number | null
}

export function liveOf(records: readonly UsageRecord[]): Map<string, LiveFigures> {
  const times = new Map<string, number[]>()
  const found = new Map<string, LiveFigures>()
  for (const record of records) {
    if (!record.upstream_id) continue
    const figures = found.get(record.upstream_id) ?? { calls: 0, failed: 0, medianMs: null }
    figures.calls += 1
    if (isFailure(record)) figures.failed += 1
    found.set(record.upstream_id, figures)
    if (record.ttft_ms !== null) {
      times.set(record.upstream_id, [...(times.get(record.upstream_id) ?? []), record.ttft_ms])
    }
  }
  for (const [id, figures] of found) figures.medianMs = quantile(times.get(id) ?? [], 0.5)
  return found
}
