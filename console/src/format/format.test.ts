import { describe, expect, it } from 'vitest'
import { count, duration, percent, rate, size } from './number'
import { passwordStrength } from './password'
import { relativeTime, uptime } from './time'

describe('numbers', () => {
  it('groups digits and shortens large counts in the reader’s way', () => {
    expect(count(12_345, 'en')).toBe('12,345')
    expect(count(1_234_567, 'en')).toBe('1.2M')
    expect(count(1_234_567, 'zh')).toBe('123.5万')
  })

  it.each([
    [0.84, '0.8 ms'],
    [34.4, '34 ms'],
    [999.4, '999 ms'],
    [1_254, '1.25 s'],
    [61_240, '61.2 s'],
    [126_000, '2.1 min'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(duration(ms, 'en')).toBe(text)
  })

  it('keeps small shares visible', () => {
    expect(percent(0.004, 'en')).toBe('0.4%')
    expect(percent(0.25, 'en')).toBe('25%')
    expect(percent(0, 'en')).toBe('0%')
  })

  it('gives a rate one digit', () => {
    expect(rate(54, 'en')).toBe('54.0')
  })
})

describe('times', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')

  it.each([
    ['2026-03-01T11:59:20Z', '40 seconds ago'],
    ['2026-03-01T11:30:10Z', '29 minutes ago'],
    ['2026-02-27T12:00:00Z', '2 days ago'],
    ['2026-03-01T15:00:00Z', 'in 3 hours'],
    ['2026-03-01T12:00:00Z', 'now'],
  ])('%s is %s', (iso, text) => {
    expect(relativeTime(iso, 'en', now)).toBe(text)
  })

  it.each([
    ['2026-03-01T11:59:18Z', '42 sec'],
    ['2026-03-01T11:55:00Z', '5 min'],
    ['2026-03-01T08:48:00Z', '3 hr 12 min'],
    ['2026-02-25T10:00:00Z', '4 days 2 hr'],
    ['2026-03-01T12:00:05Z', '0 sec'],
  ])('since %s is %s', (iso, text) => {
    expect(uptime(iso, 'en', now)).toBe(text)
  })
})

describe('passwordStrength', () => {
  it.each([
    ['', 0],
    ['short', 1],
    ['aaaaaaaaaaaaaaaaaaaa', 1],
    ['abcdefghijklmnop', 1],
    ['123456123456123456', 1],
    ['Password123456', 1],
    ['ada.lovelace.ada', 1],
    ['kitchenwindow', 2],
    ['copper kettle 42', 3],
    ['copper kettle under rain 42', 4],
    ['上善若水厚德载物自强不息', 4],
  ])('gives %j the strength %d', (password, strength) => {
    expect(passwordStrength(password, ['Ada Lovelace', 'ada@example.com'])).toBe(strength)
  })
})

it('writes sizes with the unit that fits', () => {
  expect(size(0, 'en')).toBe('0 byte')
  expect(size(999, 'en')).toBe('999 byte')
  expect(size(1_234_567, 'en')).toBe('1.2 MB')
  expect(size(5e15, 'en')).toBe('5,000 TB')
})
