import { expect, it } from 'vitest'
import { changesOf } from '@/format/diff'
import { asCommand } from './search'

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

it('writes its filters as a command, quoted and without what is not set', () => {
  expect(asCommand(undefined, {}, { since: '2026-01-01T00:00:00Z', until: undefined })).toBe(
    "mainspring audit list --since '2026-01-01T00:00:00Z'",
  )
  const filters = { actor: 'usr_1', action: "it's", object: undefined, origin: 'req_1' }
  expect(asCommand('org_1', filters, { since: 'a', until: 'b' })).toBe(
    "mainspring audit list --organization 'org_1' --since 'a' --until 'b' --actor 'usr_1'" +
      " --action 'it'\\''s' --request 'req_1'",
  )
})
