/** Sums of usage as charts and tables show them. */
import type { CostRow, CostSum } from '@/api/types'

export const METRICS = ['requests', 'tokens', 'cost', 'errors'] as const

export type Metric = (typeof METRICS)[number]

/** Every token is in exactly one of the five counts. */
export function tokensOf(sum: CostSum): number {
  return inputOf(sum) + outputOf(sum)
}

/** Tokens that were read, whether fresh, from a cache or into one. */
export function inputOf(
  sum: Pick<CostSum, 'input_tokens' | 'cached_input_tokens' | 'cache_write_tokens'>,
): number {
  return sum.input_tokens + sum.cached_input_tokens + sum.cache_write_tokens
}

/** Tokens that were written, whether they are shown or only thought. */
export function outputOf(sum: Pick<CostSum, 'output_tokens' | 'reasoning_tokens'>): number {
  return sum.output_tokens + sum.reasoning_tokens
}

/** The value of a metric; of cost, in billionths of the currency that is asked for. */
export function metricOf(sum: CostSum, metric: Metric, currency: string): number {
  if (metric === 'tokens') return tokensOf(sum)
  return metric === 'cost' ? (sum.costs[currency] ?? 0) : sum[metric]
}

/** The currency of most of the cost, for a chart can show only one. */
export function mainCurrency({ costs }: Pick<CostSum, 'costs'>): string {
  return Object.entries(costs).toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'USD'
}

/** What tells a row's group from all others of the same report. */
export function groupId({ group }: Pick<CostRow, 'group'>): string {
  return JSON.stringify(Object.entries(group).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The rows in the order of a metric, the largest first. */
export function ranked(rows: CostRow[], metric: Metric, currency: string): CostRow[] {
  return rows.toSorted(
    (a, b) =>
      metricOf(b, metric, currency) - metricOf(a, metric, currency) || b.requests - a.requests,
  )
}

/** The sums of one step of a chart; `null` while they are on their way. */
export interface StepRows {
  /** Beginning of the step in Unix milliseconds. */
  at: number
  rows: CostRow[] | null
}

/** The rows of a report that was split by time, a step for each of `starts`. */
export function stepRows(items: CostRow[] | undefined, starts: number[]): StepRows[] {
  if (!items) return starts.map((at) => ({ at, rows: null }))
  const found = new Map<number, CostRow[]>(starts.map((at) => [at, []]))
  for (const row of items) found.get(Date.parse(row.start ?? ''))?.push(row)
  return [...found].map(([at, rows]) => ({ at, rows }))
}

export interface Step {
  at: number
  /** The metric by series; `null` while the step is on its way. */
  values: Record<string, number> | null
}

export const OTHERS = '\u0000others'

/** The series of a chart: a row of each of the largest groups, then all others as one. */
export function seriesOf(
  rows: CostRow[],
  metric: Metric,
  currency: string,
  most: number,
): { id: string; row: CostRow | null }[] {
  const shown = ranked(rows, metric, currency).filter((row) => metricOf(row, metric, currency) > 0)
  const named = (some: CostRow[]) => some.map((row) => ({ id: groupId(row), row }))
  if (shown.length <= most) return named(shown)
  return [...named(shown.slice(0, most - 1)), { id: OTHERS, row: null }]
}

/** The steps of a chart. */
export function stepsOf(
  steps: StepRows[],
  series: string[],
  metric: Metric,
  currency: string,
): Step[] {
  return steps.map(({ at, rows }) => {
    if (!rows) return { at, values: null }
    const values: Record<string, number> = {}
    for (const row of rows) {
      const id = groupId(row)
      const name = series.includes(id) ? id : OTHERS
      values[name] = (values[name] ?? 0) + metricOf(row, metric, currency)
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
