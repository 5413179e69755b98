import { describe, expect, it } from 'vitest'
import type { GpuPrice, Idle } from '@/api/types'
import { localMoment } from '@/format/range'
import { requestOf } from './as-requests'
import { changeOf, creationOf, endsTooEarly, formOf, standingOf } from './gpu-price-form'
import { dearestFirst, idleId } from './idle'
import { driftOf, hourId, signed } from './reconciliation'
import { usageSearch } from './search'

const PRICE: GpuPrice = {
  id: 'gpr_1',
  name: 'pool',
  upstream_id: 'ups_1',
  upstream_model: null,
  gpus: 8,
  hourly_nanos: 2_100_000_000,
  currency: 'USD',
  shared_by: 'tokens',
  valid_from: '2026-03-01T00:00:30Z',
  valid_until: null,
  created_at: '2026-03-01T00:00:30Z',
  updated_at: '2026-03-01T00:00:30Z',
  revision: 4,
}

const IDLE: Idle = {
  kind: 'upstream',
  id: 'ups_1',
  name: 'pool',
  org_id: null,
  project_id: null,
  upstream_id: 'ups_1',
  upstream_model: null,
  created_at: '2026-01-01T00:00:00Z',
  last_used_at: null,
  hourly: {},
  cost: {},
}

describe('what GPU hours cost', () => {
  it('is written as it is read, and unchanged it changes nothing', () => {
    expect(changeOf(formOf(PRICE, 0), PRICE)).toEqual({})
  })

  it('says only what was changed', () => {
    const form = { ...formOf(PRICE, 0), hourly: 2.25, until: '2026-06-01T12:00' }
    expect(changeOf(form, PRICE)).toEqual({
      hourly_nanos: 2_250_000_000,
      valid_until: new Date('2026-06-01T12:00').toISOString(),
    })
    const ended = { ...PRICE, valid_until: '2026-06-01T00:00:00Z' }
    expect(changeOf({ ...formOf(ended, 0), until: '' }, ended)).toEqual({ valid_until: null })
  })

  it('begins with the present hour, of all models and without an end', () => {
    const now = Date.parse('2026-03-01T10:47:12Z')
    const form = { ...formOf(null, now), name: ' pool ', upstreamId: 'ups_1', hourly: 2.5 }
    expect(form.from).toBe(localMoment('2026-03-01T10:00:00Z'))
    expect(creationOf({ ...form, currency: 'eur' })).toEqual({
      name: 'pool',
      upstream_id: 'ups_1',
      upstream_model: null,
      gpus: 1,
      hourly_nanos: 2_500_000_000,
      currency: 'EUR',
      shared_by: 'tokens',
      valid_from: '2026-03-01T10:00:00.000Z',
      valid_until: null,
    })
  })

  it('ends after it begins', () => {
    expect(endsTooEarly({ from: '2026-03-01T00:00', until: '' })).toBe(false)
    expect(endsTooEarly({ from: '2026-03-01T00:00', until: '2026-03-01T00:00' })).toBe(true)
  })

  it.each([
    ['2026-02-01T00:00:00Z', 'planned'],
    ['2026-03-02T00:00:00Z', 'holds'],
    ['2026-06-01T00:00:00Z', 'over'],
  ])('at %s it is %s', (now, standing) => {
    const price = { ...PRICE, valid_until: '2026-06-01T00:00:00Z' }
    expect(standingOf(price, Date.parse(now))).toBe(standing)
  })
})

describe('what nobody uses', () => {
  it('stands by what it cost, by what it costs, by age', () => {
    const old = { ...IDLE, id: 'old', created_at: '2025-01-01T00:00:00Z' }
    const dear = { ...IDLE, id: 'dear', hourly: { USD: 5 } }
    const wasted = { ...IDLE, id: 'wasted', cost: { EUR: 1, USD: 9 } }
    expect(dearestFirst([IDLE, old, dear, wasted]).map(({ id }) => id)).toEqual([
      'wasted',
      'dear',
      'old',
      'ups_1',
    ])
  })

  it('tells the targets of a model apart', () => {
    const target = { ...IDLE, kind: 'target' as const, id: 'mdl_1' }
    expect(idleId(target)).not.toBe(idleId({ ...target, upstream_model: 'other' }))
  })
})

describe('an hour of a gateway', () => {
  const count = (calls: number, tokens: number) => ({ calls, tokens })

  it('differs by what the ledger has more or less', () => {
    const hour = { counted: count(10, 500), booked: count(9, 512) }
    expect(driftOf(hour, 'calls')).toBe(-1)
    expect(driftOf(hour, 'tokens')).toBe(12)
    expect(driftOf({ ...hour, booked: null }, 'calls')).toBeNull()
    expect([signed(-1, 'en'), signed(12, 'en'), signed(0, 'en')]).toEqual(['-1', '+12', '0'])
  })

  it('is one of a process', () => {
    const hour = {
      gateway_id: 'g1',
      epoch: 'e1',
      since: '2026-03-01T10:00:00Z',
      until: '2026-03-01T11:00:00Z',
      state: 'matched' as const,
      delivered: true,
      counted: count(1, 1),
      booked: null,
      differences: [],
      checked_at: null,
    }
    expect(hourId(hour)).not.toBe(hourId({ ...hour, epoch: 'e2' }))
  })
})

describe('the address of a report', () => {
  it.each([
    [{ days: '14' }, 14],
    [{ days: 30 }, undefined],
    [{ days: 93 }, undefined],
    [{ days: 'x' }, undefined],
    [{}, undefined],
  ])('%j names %j days', (search, days) => {
    expect(usageSearch(search).days).toBe(days)
  })

  it('names what is asked of it, and nothing else', () => {
    expect(usageSearch({ report: 'reconciliation', agreement: 'drifted', kind: 'lamp' })).toEqual({
      report: 'reconciliation',
      agreement: 'drifted',
    })
  })

  it('is the same request on the command line', () => {
    const organization = { id: 'org_1', name: 'O', slug: 'o', projects: [] }
    const project = { id: 'prj_1', name: 'P', slug: 'p' }
    const place = { organization, project } as unknown as Parameters<typeof requestOf>[0]['place']
    const since = '2026-03-01T00:00:00Z'
    const asked = {
      place,
      question: { since, until: undefined },
      dimensions: [],
      over: 'organization' as const,
      month: '2026-02',
      range: { since, until: undefined },
    }
    expect(requestOf({ ...asked, search: { report: 'idle', days: 7 } })).toMatchObject({
      query: { days: 7, org_id: 'org_1' },
      cli: 'mainspring idle --days 7 -o o',
    })
    const drifted = { report: 'reconciliation', agreement: 'drifted' } as const
    expect(requestOf({ ...asked, search: { ...drifted, range: '7d' } }).cli).toBe(
      'mainspring reconciliation --since 7d --state drifted',
    )
    expect(requestOf({ ...asked, search: { ...drifted, since } }).cli).toEqual({ none: 'range' })
  })
})
