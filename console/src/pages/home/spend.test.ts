import { expect, it } from 'vitest'
import { RECORD } from '@/testing/samples'
import { spendOf } from './spend'

const NOW = Date.parse('2026-03-01T10:10:00Z')

it('adds up what is inside the window, by currency, and tells the commonest failure', () => {
  const records = [
    { ...RECORD, cost_nanos: 5, currency: 'USD', duration_ms: 100 },
    { ...RECORD, cost_nanos: 7, currency: 'EUR', duration_ms: 300 },
    { ...RECORD, cost_nanos: 2, currency: 'USD', duration_ms: 200 },
    { ...RECORD, duration_ms: 9_000, status: 503, outcome: 'upstream_error' },
    { ...RECORD, cost_nanos: 1_000, currency: 'USD', at: '2026-03-01T08:00:00Z' },
  ]
  expect(spendOf(records, 15, NOW)).toEqual({
    costs: { USD: 7, EUR: 7 },
    unpriced: 1,
    medianMs: 200,
    p95Ms: 300,
    commonest: 'upstream_error',
  })
})

it('says nothing of no calls', () => {
  expect(spendOf([], 15, NOW)).toEqual({
    costs: {},
    unpriced: 0,
    medianMs: null,
    p95Ms: null,
    commonest: null,
  })
})
