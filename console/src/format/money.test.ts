import { expect, it } from 'vitest'
import { money, moneys } from './money'

it.each([
  [0, '$0.00'],
  [1_500_000_000, '$1.50'],
  [12_345_000, '$0.0123'],
  [123_400, '$0.000123'],
  [1_234_567_890_000, '$1,234.57'],
])('%i billionths of a dollar are %s', (nanos, text) => {
  expect(money(nanos, 'USD', 'en-US')).toBe(text)
})

it('keeps the name of a currency that it does not know', () => {
  expect(money(2e9, 'tokens', 'en-US')).toBe('2.00 tokens')
})

it('never adds up different currencies', () => {
  expect(moneys({ USD: 1e9, EUR: 5e8, CNY: 0 }, 'en-US')).toBe('$1.00 + €0.50')
  expect(moneys({}, 'en-US')).toBe('')
})
