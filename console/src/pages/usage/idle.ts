/** The order and the names of what nobody used. */
import type { Idle } from '@/api/types'

/** What tells one from another: targets have their model's id. */
export const idleId = ({ kind, id, upstream_id, upstream_model }: Idle): string =>
  [kind, id, upstream_id ?? '', upstream_model ?? ''].join('/')

const most = (amounts: Record<string, number>) => Math.max(0, ...Object.values(amounts))

/** What cost most while it was idle first, then what costs most now, then the oldest. */
export function dearestFirst(items: readonly Idle[]): Idle[] {
  return items.toSorted(
    (a, b) =>
      most(b.cost) - most(a.cost) ||
      most(b.hourly) - most(a.hourly) ||
      Date.parse(a.created_at) - Date.parse(b.created_at),
  )
}
