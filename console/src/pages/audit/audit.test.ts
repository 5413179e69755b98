import { expect, it } from 'vitest'
import { changesOf } from '@/format/diff'

it('names the fields that differ, however deep, and no others', () => {
  expect(
    changesOf(
      { name: 'a', limits: { rpm: 5, rpd: 9 }, models: ['x'] },
      { name: 'a', limits: { rpm: 6, rpd: 9 }, models: ['x', 'y'] },
    ),
  ).toEqual([
    { path: 'limits.rpm', before: '5', after: '6' },
    { path: 'models', before: '["x"]', after: '["x","y"]' },
  ])
})

it('shows what was made and what was removed as fields of one side', () => {
  expect(changesOf(null, { name: 'a' })).toEqual([{ path: 'name', before: null, after: 'a' }])
  expect(changesOf({ name: 'a' }, null)).toEqual([{ path: 'name', before: 'a', after: null }])
})

it('tells nothing from a field that is null', () => {
  expect(changesOf({ a: null }, {})).toEqual([{ path: 'a', before: 'null', after: null }])
  expect(changesOf(null, null)).toEqual([])
  expect(changesOf({ a: {} }, { a: {} })).toEqual([])
})
