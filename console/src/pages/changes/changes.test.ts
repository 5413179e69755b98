import { describe, expect, it } from 'vitest'
import { isOpen } from '@/api/oversight'
import { effectOf, hasPresent } from './effect'
import { changesSearch } from './search'

const present = { name: 'm', price: { input: 1, output: 2 }, tags: [] }

describe('the effect of a change', () => {
  it('is told of the fields that its request names', () => {
    const shown = { price: { input: 3, output: 2 } }
    expect(effectOf({ method: 'PATCH', shown }, present)).toEqual([
      { path: 'price.input', before: '1', after: '3' },
    ])
  })

  it('shows what is set where nothing was, and nothing where all is as it was', () => {
    expect(effectOf({ method: 'PUT', shown: { hours: 5 } }, {})).toEqual([
      { path: 'hours', before: null, after: '5' },
    ])
    expect(effectOf({ method: 'PUT', shown: { name: 'm' } }, present)).toEqual([])
  })

  it('is the request alone while the present is not known', () => {
    expect(effectOf({ method: 'PATCH', shown: { name: 'n' } }, undefined)).toEqual([
      { path: 'name', before: null, after: 'n' },
    ])
    expect(effectOf({ method: 'POST', shown: '(99 bytes)' }, undefined)).toEqual([
      { path: '', before: null, after: '(99 bytes)' },
    ])
  })

  it('of a removal is that all goes', () => {
    expect(effectOf({ method: 'DELETE', shown: null }, { name: 'm' })).toEqual([
      { path: 'name', before: 'm', after: null },
    ])
  })

  it('compares with the present only while it waits', () => {
    expect(hasPresent({ method: 'PATCH', state: 'pending' })).toBe(true)
    expect(hasPresent({ method: 'PATCH', state: 'executed' })).toBe(false)
    expect(hasPresent({ method: 'POST', state: 'pending' })).toBe(false)
  })
})

it('keeps of an address what it knows', () => {
  expect(changesSearch({ pane: 'rules', standing: 'any', open: 'chg_1' })).toEqual({
    pane: 'rules',
    standing: 'any',
    open: 'chg_1',
  })
  expect(changesSearch({ pane: 'x', standing: 'x', open: 7 })).toEqual({
    pane: undefined,
    standing: undefined,
    open: undefined,
  })
})

it('knows an emergency to be open until its time is over or it was ended', () => {
  const until = '2026-03-01T10:00:00Z'
  const at = (text: string) => Date.parse(text)
  expect(isOpen({ ended_at: null, until }, at('2026-03-01T09:59:59Z'))).toBe(true)
  expect(isOpen({ ended_at: null, until }, at('2026-03-01T10:00:00Z'))).toBe(false)
  expect(isOpen({ ended_at: '2026-03-01T09:30:00Z', until }, at('2026-03-01T09:31:00Z'))).toBe(
    false,
  )
})
