import { describe, expect, it } from 'vitest'
import type { CostRow } from '@/api/types'
import {
  forecast,
  groupId,
  mainCurrency,
  metricOf,
  OTHERS,
  ranked,
  seriesOf,
  stepRows,
  stepsOf,
  tokensOf,
} from './figures'
import { distanceOf, topOf, unusualOf } from './forecast'
import { intervalOf, startsOf } from './intervals'
import { isMonth, monthName, monthOf, monthsOf, spanOfMonth } from './months'
import { whose } from './queries'
import { byOf, dimensionsOf, overOf, usageSearch } from './search'

const row = (
  model: string,
  requests: number,
  costs: Record<string, number> = {},
  start: string | null = null,
): CostRow => ({
  start,
  group: { model },
  names: {},
  requests,
  errors: 1,
  unpriced: 0,
  input_tokens: 10,
  cached_input_tokens: 2,
  cache_write_tokens: 3,
  output_tokens: 5,
  reasoning_tokens: 1,
  images: 0,
  characters: 0,
  seconds: 0,
  searches: 0,
  costs,
  saved: {},
  gpu: {},
})

const id = (model: string) => groupId({ group: { model } })

describe('values', () => {
  it('count each token once', () => {
    expect(tokensOf(row('a', 1))).toBe(21)
  })

  it('are of one currency, that of most of the cost', () => {
    expect(mainCurrency({ costs: { USD: 5, EUR: 9 } })).toBe('EUR')
    expect(mainCurrency({ costs: {} })).toBe('USD')
    expect(metricOf(row('a', 1, { USD: 5 }), 'cost', 'EUR')).toBe(0)
  })

  it('put the largest first, and of equal ones the busier', () => {
    const rows = [row('a', 1), row('b', 7), row('c', 3, { USD: 2 })]
    const order = (metric: 'cost' | 'requests') =>
      ranked(rows, metric, 'USD').map(({ group }) => group.model)
    expect(order('requests')).toEqual(['b', 'c', 'a'])
    expect(order('cost')).toEqual(['c', 'b', 'a'])
  })
})

describe('a group', () => {
  it('is the same whatever order its dimensions come in', () => {
    const one = groupId({ group: { model: 'a', key_id: null } })
    expect(groupId({ group: { key_id: null, model: 'a' } })).toBe(one)
    expect(groupId({ group: { key_id: 'null', model: 'a' } })).not.toBe(one)
  })
})

describe('a chart', () => {
  const hours = ['2026-03-01T00:00:00Z', '2026-03-01T01:00:00Z', '2026-03-01T02:00:00Z']
  const starts = hours.map((hour) => Date.parse(hour))
  const split = [
    row('a', 5, {}, hours[0]),
    row('b', 3, {}, hours[0]),
    row('c', 1, {}, hours[0]),
    row('b', 9, {}, hours[2]),
  ]
  const whole = [row('a', 5), row('b', 12), row('c', 1)]

  it('names the largest series and sums up the rest', () => {
    const names = (most: number) => seriesOf(whole, 'requests', 'USD', most).map((one) => one.id)
    expect(names(3)).toEqual([id('b'), id('a'), id('c')])
    expect(names(2)).toEqual([id('b'), OTHERS])
    expect(stepsOf(stepRows(split, starts), [id('b')], 'requests', 'USD')).toEqual([
      { at: starts[0], values: { [id('b')]: 3, [OTHERS]: 6 } },
      { at: starts[1], values: {} },
      { at: starts[2], values: { [id('b')]: 9 } },
    ])
  })

  it('has steps that are on their way until they are there', () => {
    expect(stepsOf(stepRows(undefined, starts), [], 'requests', 'USD')).toEqual(
      starts.map((at) => ({ at, values: null })),
    )
  })

  it('leaves out what has nothing of the metric', () => {
    expect(seriesOf(whole, 'cost', 'USD', 3)).toEqual([])
  })
})

describe('an interval', () => {
  const now = Date.parse('2026-03-31T12:30:00Z')
  const since = (text: string) => ({ since: text, until: undefined })

  it.each([
    ['2026-03-31T11:30:00Z', undefined, null],
    ['2026-03-30T12:30:00Z', undefined, 'hour'],
    ['2026-03-20T12:30:00Z', undefined, 'day'],
    ['2025-03-31T12:30:00Z', undefined, 'month'],
    ['2026-03-31T11:30:00Z', 'hour', 'hour'],
    ['2026-01-01T00:00:00Z', 'hour', 'day'],
  ] as const)('from %s and asked for %s is %s', (from, asked, expected) => {
    expect(intervalOf(since(from), asked, now)).toBe(expected)
  })

  it('begins where control begins it, in UTC', () => {
    const dates = (from: string, interval: 'hour' | 'day' | 'month') =>
      startsOf(since(from), interval, now).map((ms) => new Date(ms).toISOString().slice(0, 13))
    expect(dates('2026-03-31T10:59:59Z', 'hour')).toEqual([
      '2026-03-31T10',
      '2026-03-31T11',
      '2026-03-31T12',
    ])
    expect(dates('2026-03-30T23:00:00Z', 'day')).toEqual(['2026-03-30T00', '2026-03-31T00'])
    expect(dates('2026-01-31T00:00:00Z', 'month')).toEqual([
      '2026-01-01T00',
      '2026-02-01T00',
      '2026-03-01T00',
    ])
  })
})

describe('the address', () => {
  it('names dimensions, each once and at most four', () => {
    expect(dimensionsOf('key,model,key,colour')).toEqual(['key', 'model'])
    expect(dimensionsOf('model,key,actor,region,track')).toHaveLength(4)
    expect(dimensionsOf(undefined)).toEqual(['model'])
    expect(byOf(['model'])).toBeUndefined()
    expect(byOf(['project', 'model'])).toBe('project,model')
  })

  it('knows no dimension that every object has', () => {
    expect(dimensionsOf('toString,constructor')).toEqual(['model'])
  })

  it('looks as far as what it compares', () => {
    expect(overOf({})).toBe('project')
    expect(overOf({ by: 'model,project' })).toBe('organization')
    expect(overOf({ by: 'organization' })).toBe('everything')
    expect(overOf({ by: 'project', over: 'project' })).toBe('project')
  })

  it('drops what it does not know', () => {
    expect(
      usageSearch({
        by: 'project',
        metric: 'heat',
        over: 'galaxy',
        key: 'key_1',
        month: '2026-13',
        report: 'tax',
      }),
    ).toEqual({
      range: undefined,
      since: undefined,
      until: undefined,
      by: 'project',
      metric: undefined,
      interval: undefined,
      over: undefined,
      report: undefined,
      month: undefined,
      model: undefined,
      key: 'key_1',
      actor: undefined,
    })
  })
})

it('asks for the calls of a place, or of all', () => {
  const place = { organization: { id: 'org_1' }, project: { id: 'prj_1' } }
  expect(whose('project', place)).toEqual({ project_id: 'prj_1' })
  expect(whose('organization', place)).toEqual({ org_id: 'org_1' })
  expect(whose('everything', place)).toEqual({})
})

it('expects of a month what its days so far have shown', () => {
  expect(forecast(10, new Date('2026-04-16T00:00:00Z'))).toBe(20)
  expect(forecast(10, new Date('2026-04-01T00:30:00Z'))).toBeNull()
})

describe('a month', () => {
  const january = Date.parse('2026-01-31T23:59:59Z')

  it('is one of UTC, and goes over the end of a year', () => {
    expect(monthOf(january)).toBe('2026-01')
    expect(monthOf(january, 1)).toBe('2025-12')
    expect(monthsOf(january, 3)).toEqual(['2026-01', '2025-12', '2025-11'])
  })

  it('ends where the next one begins', () => {
    expect(spanOfMonth('2025-12')).toEqual({
      since: '2025-12-01T00:00:00.000Z',
      until: '2026-01-01T00:00:00.000Z',
    })
    expect(monthName('2025-12', 'en')).toBe('December 2025')
  })

  it.each([
    ['2026-10', true],
    ['2026-13', false],
    ['2026-1', false],
    [202610, false],
  ])('%j: %s', (text, expected) => {
    expect(isMonth(text)).toBe(expected)
  })
})

describe('a forecast', () => {
  const day = (start: string, cost: number, expected: number | null, unlike: 'more' | null) => ({
    start,
    cost,
    expected,
    unlike,
  })
  const days = [
    day('2026-03-01T00:00:00Z', 5, null, null),
    day('2026-03-02T00:00:00Z', 40, 10, 'more'),
    day('2026-03-03T00:00:00Z', 9, 50, 'more'),
  ]

  it('is as high as what was or what was expected', () => {
    expect(topOf(days)).toBe(50)
    expect(topOf([])).toBe(0)
  })

  it('tells the days that were unlike others, newest first', () => {
    expect(unusualOf(days).map(({ cost }) => cost)).toEqual([9, 40])
    expect(days.map(distanceOf)).toEqual([null, 3, -0.82])
    expect(distanceOf({ cost: 4, expected: 0 })).toBeNull()
  })
})
