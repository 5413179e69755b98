/** Calls of one conversation, told apart by the session their caller named. */
import type { Call } from '@/api/types'

export interface SessionSum {
  id: string
  calls: number
  failed: number
  tokens: number
  /** Billionths of each currency. */
  costs: Record<string, number>
  first: string
  last: string
  users: string[]
  models: string[]
  /** The first question of those that are known. */
  preview: string | null
}

/** Sum up calls (newest first) by session, the latest session first; calls without one are left out. */
export function sessionsOf(calls: readonly Call[]): SessionSum[] {
  const sums = new Map<string, SessionSum>()
  for (const call of calls) {
    if (!call.session_id) continue
    const sum = sums.get(call.session_id) ?? {
      id: call.session_id,
      calls: 0,
      failed: 0,
      tokens: 0,
      costs: {},
      first: call.at,
      last: call.at,
      users: [],
      models: [],
      preview: null,
    }
    sums.set(call.session_id, sum)
    sum.calls += 1
    if (call.status >= 400 && call.status !== 499) sum.failed += 1
    sum.tokens += call.input_tokens + call.output_tokens
    if (call.cost_nanos !== null && call.currency) {
      sum.costs[call.currency] = (sum.costs[call.currency] ?? 0) + call.cost_nanos
    }
    sum.first = call.at
    if (call.user_id && !sum.users.includes(call.user_id)) sum.users.push(call.user_id)
    if (!sum.models.includes(call.model)) sum.models.push(call.model)
    sum.preview = call.input_preview ?? sum.preview
  }
  return [...sums.values()]
}
