/** Limits of a key, a project or an organisation, as forms and lists show them. */
import type { Limits } from '@/api/types'

export const COUNTED = [
  'requests_per_second',
  'requests_per_minute',
  'requests_per_day',
  'requests_per_month',
  'tokens_per_minute',
  'tokens_per_day',
  'tokens_per_month',
  'max_concurrency',
] as const

export const BUDGETS = ['budget_per_day', 'budget_per_month'] as const

export type LimitName = (typeof COUNTED)[number] | (typeof BUDGETS)[number]

/** What a form holds: texts as they were typed, nothing for no limit. */
export type LimitsForm = Partial<Record<LimitName, string>> & {
  currency: string
  unpriced: 'deny' | 'allow'
}

export const NO_LIMITS: LimitsForm = { currency: 'USD', unpriced: 'deny' }

const NANOS = 1e9

export function formOf(limits: Limits | null): LimitsForm {
  if (!limits) return NO_LIMITS
  const form: LimitsForm = {
    currency: limits.currency ?? 'USD',
    unpriced: limits.unpriced ?? 'deny',
  }
  for (const name of COUNTED) {
    const value = limits[name]
    if (value !== null && value !== undefined) form[name] = String(value)
  }
  for (const name of BUDGETS) {
    const value = limits[name]
    if (value !== null && value !== undefined) form[name] = String(value / NANOS)
  }
  return form
}

/** The limits that a form sets; `null` where it sets none. Budgets travel in billionths. */
export function limitsOf(form: LimitsForm): Limits | null {
  const limits: Limits = {}
  for (const name of COUNTED) {
    const value = Number(form[name])
    if (form[name] && Number.isFinite(value)) limits[name] = value
  }
  for (const name of BUDGETS) {
    const value = Number(form[name])
    if (form[name] && Number.isFinite(value)) limits[name] = Math.round(value * NANOS)
  }
  if (Object.keys(limits).length === 0) return null
  const priced = BUDGETS.some((name) => limits[name] !== undefined)
  return priced ? { ...limits, currency: form.currency, unpriced: form.unpriced } : limits
}

/** The limits that are set, in the order in which they are shown. */
export function limitsSet(limits: Limits | null): [LimitName, number][] {
  if (!limits) return []
  return [...COUNTED, ...BUDGETS].flatMap((name) => {
    const value = limits[name]
    return value === null || value === undefined ? [] : [[name, value] as [LimitName, number]]
  })
}
