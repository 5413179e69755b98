import { describe, expect, it } from 'vitest'
import type { Slo, SloStatus } from '@/api/types'
import { exactPercent } from '@/format/number'
import { spanOf } from '@/format/time'
import { bodyOf, formOf } from './objective-form'
import { objectivesSearch } from './search'
import { byUrgency, type Standing, standingOf, worstOf } from './standing'

const SLO: Slo = {
  id: 'slo_1',
  name: 'chat',
  description: '',
  indicator: 'latency',
  target: 0.999,
  threshold_ms: 5_000,
  window_days: 28,
  model: null,
  operation: 'chat',
  min_calls: 10,
  enabled: true,
  created_at: '2026-03-01T00:00:00Z',
  updated_at: '2026-03-01T00:00:00Z',
  revision: 1,
}

const status = (total: number, left: number, ...firing: ('critical' | 'warning')[]): SloStatus => ({
  total,
  bad: 0,
  achieved: total ? 1 : null,
  budget_left: left,
  measured_until: '2026-03-01T00:00:00Z',
  burning: (['critical', 'warning'] as const).map((severity) => ({
    long_s: 3_600,
    short_s: 300,
    severity,
    threshold: 14.4,
    long_rate: 1,
    short_rate: 1,
    firing: firing.includes(severity),
  })),
})

describe('an objective', () => {
  it.each([
    [true, undefined, 'waiting'],
    [true, status(0, 1), 'waiting'],
    [true, status(9, 1), 'kept'],
    [true, status(9, 0.4, 'warning'), 'warning'],
    [true, status(9, -0.1, 'warning'), 'broken'],
    [true, status(9, -0.1), 'broken'],
    [true, status(9, 0.9, 'critical', 'warning'), 'critical'],
    [false, status(9, -1, 'critical'), 'off'],
  ] as const)('enabled %s, at %j stands %s', (enabled, at, standing) => {
    expect(standingOf({ enabled }, at)).toBe(standing)
  })

  const objective = (name: string, standing: Standing) => ({
    slo: { ...SLO, name },
    status: undefined,
    standing,
  })

  it('comes the sooner the worse it is, and stands for all of them', () => {
    const all = [
      objective('b', 'kept'),
      objective('a', 'kept'),
      objective('c', 'critical'),
      objective('d', 'off'),
    ]
    expect(byUrgency(all).map(({ slo }) => slo.name)).toEqual(['c', 'a', 'b', 'd'])
    expect(worstOf(all)).toBe('critical')
    expect(worstOf([objective('d', 'off')])).toBe('kept')
  })
})

describe('the form', () => {
  it('says what the objective says', () => {
    const { name, target, threshold_ms, window_days, operation } = bodyOf(formOf(SLO))
    expect({ name, target, threshold_ms, window_days, operation }).toEqual({
      name: 'chat',
      target: 0.999,
      threshold_ms: 5_000,
      window_days: 28,
      operation: 'chat',
    })
  })

  it('sends a threshold only where there is one, and shares that are exact', () => {
    const body = bodyOf({ ...formOf(SLO), indicator: 'availability', target: 99.95, model: '' })
    expect(body.threshold_ms).toBeNull()
    expect(body.target).toBe(0.9995)
    expect(body.model).toBeNull()
  })
})

it('shows a share as it is, and never more than that', () => {
  expect(exactPercent(0.999, 'en')).toBe('99.9%')
  expect(exactPercent(0.999999, 'en')).toBe('99.999%')
  expect(exactPercent(1, 'en')).toBe('100%')
})

it('names a span by its largest whole unit', () => {
  expect(spanOf(3_600, 'en')).toBe('1 hour')
  expect(spanOf(300, 'en')).toBe('5 minutes')
  expect(spanOf(259_200, 'en')).toBe('3 days')
  expect(spanOf(90, 'en')).toBe('90 seconds')
})

it('keeps of an address what it knows', () => {
  expect(objectivesSearch({ face: 'alerts', objective: 'slo_1', kiosk: 1 })).toEqual({
    face: 'alerts',
    objective: 'slo_1',
    kiosk: 1,
  })
  expect(objectivesSearch({ face: 'x', kiosk: 0 })).toEqual({
    face: undefined,
    objective: undefined,
    kiosk: undefined,
  })
})
