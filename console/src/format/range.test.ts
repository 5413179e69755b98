import { describe, expect, it } from 'vitest'
import { bucketsOf, momentOf, rangeOf, rangeSearch } from './range'

const NOW = Date.parse('2026-03-10T12:00:00Z')

describe('rangeSearch', () => {
  it('keeps what it understands and leaves out the rest', () => {
    expect(rangeSearch({ range: '7d', since: 'yesterday', until: 5 })).toEqual({
      range: '7d',
      since: undefined,
      until: undefined,
    })
    expect(rangeSearch({ range: 'forever' }).range).toBeUndefined()
  })
})

describe('rangeOf', () => {
  it('always has a beginning', () => {
    expect(rangeOf({}, '24h', NOW)).toEqual({
      since: '2026-03-09T12:00:00.000Z',
      until: undefined,
    })
    expect(rangeOf({ range: '15m' }, '24h', NOW).since).toBe('2026-03-10T11:45:00.000Z')
  })

  it('prefers two moments to a name', () => {
    const own = { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }
    expect(rangeOf({ range: '1h', ...own }, '24h', NOW)).toEqual(own)
  })
})

describe('bucketsOf', () => {
  it('cuts a range into round parts that touch', () => {
    const buckets = bucketsOf({ since: '2026-03-09T12:00:00Z', until: undefined }, 30, NOW)
    expect(buckets).toHaveLength(24)
    expect(buckets[0]?.since).toBe(Date.parse('2026-03-09T12:00:00Z'))
    for (const [index, { since }] of buckets.slice(1).entries()) {
      expect(since).toBe(buckets[index]?.until)
    }
  })

  it('covers the beginning and the end, whatever they are', () => {
    const since = '2026-03-10T10:07:30Z'
    const buckets = bucketsOf({ since, until: undefined }, 30, NOW)
    expect(buckets[0]?.since).toBeLessThanOrEqual(Date.parse(since))
    expect(buckets.at(-1)?.until).toBeGreaterThanOrEqual(NOW)
    expect(buckets.length).toBeLessThanOrEqual(31)
  })

  it('has none for a range that ends before it begins', () => {
    expect(bucketsOf({ since: '2026-03-10T13:00:00Z', until: undefined }, 30, NOW)).toEqual([])
  })
})

it('takes no half-written moment for one', () => {
  expect(momentOf('2026-03-')).toBeUndefined()
  expect(momentOf('2026-03-10T12:00')).toMatch(/^2026-03-/)
})
