import { expect, it } from 'vitest'
import { idIn, matchScore } from './palette-match'

it('prefers the beginning of a name, then of a word, then its middle', () => {
  const model = matchScore('model smollm2-135m-instruct mdl_1', 'smol')
  expect(model).toBe(1)
  expect(matchScore('model tiny-smollm mdl_2', 'smol')).toBeLessThan(model)
  expect(matchScore('model notsmol mdl_3', 'smol')).toBeLessThan(
    matchScore('model tiny-smollm mdl_2', 'smol'),
  )
})

it('does not take scattered letters for a word', () => {
  expect(matchScore('page models', 'smol', ['Models'])).toBe(0)
  expect(matchScore('theme dark', 'drk')).toBe(0)
})

it('finds an entry by its words in either language, in any order', () => {
  expect(matchScore('theme dark', 'dark theme', ['主题', '深色'])).toBeGreaterThan(0)
  expect(matchScore('theme dark', '深色', ['主题', '深色'])).toBe(1)
  expect(matchScore('theme dark', 'dark light')).toBe(0)
})

it('knows the ids of requests, calls, traces and keys, and nothing else', () => {
  const hex = '01a203062b6a9b6cafd0a4d16b915924'
  expect(idIn(` req_${hex} `)).toEqual({ kind: 'request', id: `req_${hex}` })
  expect(idIn(`cal_${hex}`)).toEqual({ kind: 'request', id: `req_${hex}` })
  expect(idIn(hex)).toEqual({ kind: 'trace', id: hex })
  expect(idIn(`key_${hex}`)).toEqual({ kind: 'key', id: `key_${hex}` })
  expect(idIn(`mdl_${hex}`)).toBeNull()
  expect(idIn('models')).toBeNull()
})
