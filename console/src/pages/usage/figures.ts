/** Sums of usage as charts, tables and files show them. */
import type { UsageSum, UsageSummary } from '@/api/types'

export const METRICS = ['requests', 'tokens', 'cost', 'errors'] as const

export type Metric = (typeof METRICS)[number]

export type Sum = Pick<
  UsageSum,
  | 'requests'
  | 'errors'
  | 'input_tokens'
  | 'cached_input_tokens'
  | 'cache_write_tokens'
  | 'output_tokens'
  | 'reasoning_tokens'
  | 'costs'
  | 'unpriced'
>

/** Every token is in exactly one of the five counts. */
export function tokensOf(sum: Sum): number {
  return inputOf(sum) + sum.output_tokens + sum.reasoning_tokens
}

/** Tokens that were read, whether fresh, from a cache or into one. */
export function inputOf(
  sum: Pick<Sum, 'input_tokens' | 'cached_input_tokens' | 'cache_write_tokens'>,
): number {
  return sum.input_tokens + sum.cached_input_tokens + sum.cache_write_tokens
}

/** The value of a metric; of cost, in billionths of the currency that is asked for. */
export function metricOf(sum: Sum, metric: Metric, currency: string): number {
  if (metric === 'tokens') return tokensOf(sum)
  return metric === 'cost' ? (sum.costs[currency] ?? 0) : sum[metric]
}

/** The currency of most of the cost, for a chart can show only one. */
export function mainCurrency(sums: Sum[]): string {
  const totals = new Map<string, number>()
  for (const { costs } of sums) {
    for (const [currency, nanos] of Object.entries(costs)) {
      totals.set(currency, (totals.get(currency) ?? 0) + nanos)
    }
  }
  return [...totals].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'USD'
}

export interface Step {
  /** Beginning of the step in Unix milliseconds. */
  at: number
  /** The metric by series name; `null` while the step is on its way. */
  values: Record<string, number> | null
}

export const OTHERS = '\u0000others'

/** The series of a chart: the largest ones by name, then all others as one. */
export function seriesOf(
  summaries: (UsageSummary | undefined)[],
  metric: Metric,
  currency: string,
  most: number,
): string[] {
  const totals = new Map<string, number>()
  for (const summary of summaries) {
    for (const item of summary?.items ?? []) {
      const value = metricOf(item, metric, currency)
      if (value > 0) totals.set(item.model, (totals.get(item.model) ?? 0) + value)
    }
  }
  const names = [...totals].toSorted((a, b) => b[1] - a[1]).map(([name]) => name)
  return names.length <= most ? names : [...names.slice(0, most - 1), OTHERS]
}

/** The steps of a chart from the summary of each. */
export function stepsOf(
  starts: number[],
  summaries: (UsageSummary | undefined)[],
  series: string[],
  metric: Metric,
  currency: string,
): Step[] {
  return starts.map((at, index) => {
    const summary = summaries[index]
    if (!summary) return { at, values: null }
    const values: Record<string, number> = {}
    for (const item of summary.items) {
      const name = series.includes(item.model) ? item.model : OTHERS
      values[name] = (values[name] ?? 0) + metricOf(item, metric, currency)
    }
    return { at, values }
  })
}

/** What a month will have cost if the rest of it is like what has passed; `null` in its first hour. */
export function forecast(spentNanos: number, now: Date): number | null {
  const begin = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)
  const passed = now.getTime() - begin
  return passed < 3_600_000 ? null : (spentNanos * (end - begin)) / passed
}

/** One cell of a CSV file (RFC 4180); a text that a spreadsheet would run as a formula is defused. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line for each step and model, with a heading line; amounts are whole units of the currency. */
export function csvOf(starts: number[], summaries: (UsageSummary | undefined)[]): string {
  const lines: (string | number)[][] = [
    [
      'since',
      'model',
      'requests',
      'errors',
      'input_tokens',
      'cached_input_tokens',
      'cache_write_tokens',
      'output_tokens',
      'reasoning_tokens',
      'cost',
      'currency',
    ],
  ]
  for (const [index, at] of starts.entries()) {
    for (const item of summaries[index]?.items ?? []) {
      const costs = Object.entries(item.costs)
      for (const [currency, nanos] of costs.length > 0 ? costs : [['', 0] as const]) {
        lines.push([
          new Date(at).toISOString(),
          item.model,
          item.requests,
          item.errors,
          item.input_tokens,
          item.cached_input_tokens,
          item.cache_write_tokens,
          item.output_tokens,
          item.reasoning_tokens,
          nanos / 1e9,
          currency,
        ])
      }
    }
  }
  return `${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}
