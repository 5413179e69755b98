import { describe, expect, it } from 'vitest'
import type { UsageSummary } from '@/api/types'
import {
  csvOf,
  forecast,
  mainCurrency,
  metricOf,
  OTHERS,
  seriesOf,
  stepsOf,
  tokensOf,
} from './figures'

const sum = (model: string, requests: number, costs: Record<string, number> = {}) => ({
  model,
  requests,
  errors: 1,
  input_tokens: 10,
  cached_input_tokens: 2,
  cache_write_tokens: 3,
  output_tokens: 5,
  reasoning_tokens: 1,
  costs,
  unpriced: 0,
  characters: 0,
  images: 0,
  searches: 0,
  seconds: 0,
  ttft_ms_p50: null,
  ttft_ms_p95: null,
})

const summary = (...items: UsageSummary['items']): UsageSummary => ({
  items,
  since: '2026-03-01T00:00:00Z',
  until: '2026-03-01T01:00:00Z',
  totals: sum('', 0),
})

describe('values', () => {
  it('count each token once', () => {
    expect(tokensOf(sum('a', 1))).toBe(21)
  })

  it('are of one currency, that of most of the cost', () => {
    const sums = [sum('a', 1, { USD: 5, EUR: 1 }), sum('b', 1, { EUR: 9 })]
    expect(mainCurrency(sums)).toBe('EUR')
    expect(mainCurrency([])).toBe('USD')
    expect(sums.map((one) => metricOf(one, 'cost', 'EUR'))).toEqual([1, 9])
  })
})

describe('a chart', () => {
  const hours = [summary(sum('a', 5), sum('b', 3), sum('c', 1)), summary(sum('b', 9)), undefined]

  it('names the largest series and sums up the rest', () => {
    expect(seriesOf(hours, 'requests', 'USD', 3)).toEqual(['b', 'a', 'c'])
    const series = seriesOf(hours, 'requests', 'USD', 2)
    expect(series).toEqual(['b', OTHERS])
    expect(stepsOf([0, 1, 2], hours, series, 'requests', 'USD')).toEqual([
      { at: 0, values: { b: 3, [OTHERS]: 6 } },
      { at: 1, values: { b: 9 } },
      { at: 2, values: null },
    ])
  })

  it('leaves out what has nothing of the metric', () => {
    expect(seriesOf(hours, 'cost', 'USD', 3)).toEqual([])
  })
})

it('expects of a month what its days so far have shown', () => {
  expect(forecast(10, new Date('2026-04-16T00:00:00Z'))).toBe(20)
  expect(forecast(10, new Date('2026-04-01T00:30:00Z'))).toBeNull()
})

it('writes a file that no spreadsheet takes for formulas', () => {
  const at = Date.parse('2026-03-01T00:00:00Z')
  const lines = csvOf([at], [summary(sum('=cmd|"x"', 2, { USD: 1_500_000_000 }))]).split('\r\n')
  expect(lines[0]).toMatch(/^since,model,requests/)
  expect(lines[1]).toBe('2026-03-01T00:00:00.000Z,"\'=cmd|""x""",2,1,10,2,3,5,1,1.5,USD')
  expect(lines).toHaveLength(3)
})
