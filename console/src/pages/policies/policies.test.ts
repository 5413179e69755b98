import { describe, expect, it } from 'vitest'
import type { Policy } from '@/api/types'
import {
  attachmentOf,
  contentOf,
  emptyRule,
  formOf,
  meantBy,
  typedOf,
  valuesOf,
} from './policy-form'
import { saidOf } from './said'
import { policiesSearch } from './search'

const POLICY: Policy = {
  id: 'pol_1',
  org_id: 'org_1',
  project_id: 'prj_1',
  key_id: null,
  name: 'careful',
  models: ['writer', 'writer-*'],
  enabled: true,
  locked: false,
  parameters: [
    {
      name: 'temperature',
      default: 0.2,
      force: null,
      min: null,
      max: 0.7,
      values: null,
      beyond: 'refuse',
      deny: '',
      tasks: ['chat'],
    },
    { name: 'tools', values: ['search', 'read_*'], beyond: 'clamp', deny: '', tasks: [] },
    { name: 'logit_bias', beyond: 'clamp', deny: 'drop', tasks: [] },
  ],
  cache: { mode: 'exact', ttl_s: 60, scope: 'user', threshold: 0.9 },
  capture: { level: 'redacted', sample: 0.07 },
  created_at: '2026-03-01T09:00:00Z',
  updated_at: '2026-03-01T09:00:00Z',
}

describe('a value as it is typed', () => {
  it.each([
    ['0.7', 0.7],
    ['true', true],
    ['low', 'low'],
    ['"7"', '7'],
    ['', null],
  ])('%j is %j', (typed, value) => {
    expect(meantBy(typed)).toBe(value)
    expect(typedOf(value)).toBe(typed)
  })

  it('stands in lists with commas of either language', () => {
    expect(valuesOf('low, medium，1')).toEqual(['low', 'medium', 1])
    expect(valuesOf(' ')).toBeNull()
  })
})

describe('the form of a policy', () => {
  it('sends back what it was made of, with what it does not show', () => {
    expect(contentOf(formOf(POLICY))).toEqual({
      name: 'careful',
      models: ['writer', 'writer-*'],
      enabled: true,
      parameters: [
        {
          name: 'temperature',
          default: 0.2,
          force: null,
          min: null,
          max: 0.7,
          values: null,
          beyond: 'refuse',
          tasks: ['chat'],
        },
        {
          name: 'tools',
          default: null,
          force: null,
          min: null,
          max: null,
          values: ['search', 'read_*'],
          beyond: 'clamp',
          tasks: [],
        },
        { name: 'logit_bias', deny: 'drop', tasks: [] },
      ],
      cache: POLICY.cache,
      capture: POLICY.capture,
    })
  })

  it('says nothing of a cache that was taken out', () => {
    expect(contentOf({ ...formOf(POLICY), cacheMode: '' }).cache).toBeNull()
  })

  it('says nothing of what is kept unless it is told to', () => {
    expect(contentOf(formOf(null)).capture).toBeNull()
    expect(contentOf({ ...formOf(POLICY), captureLevel: '' }).capture).toBeNull()
  })

  it('is attached to the innermost place that was chosen', () => {
    const form = { ...formOf(null), keyId: 'key_1', rules: [emptyRule(0)] }
    expect(attachmentOf({ ...form, level: 'platform' }, 'o', 'p')).toEqual({})
    expect(attachmentOf({ ...form, level: 'organization' }, 'o', 'p')).toEqual({ org_id: 'o' })
    expect(attachmentOf({ ...form, level: 'key' }, 'o', 'p')).toEqual({
      org_id: 'o',
      project_id: 'p',
      key_id: 'key_1',
    })
  })
})

describe('what holds of a parameter', () => {
  it('is told one by one, each with its source', () => {
    const source = { level: 'project' as const, policy: 'careful', policy_id: 'pol_1' }
    const none = {
      default: null,
      denied: null,
      force: null,
      max: null,
      min: null,
      refused_above: null,
      refused_below: null,
    }
    expect(
      saidOf({
        ...none,
        name: 'temperature',
        max: { value: 0.7, source },
        allowed: [{ refuses: true, values: ['low', 1], source }],
      }),
    ).toEqual([
      { what: 'max', value: '0.7', source },
      { what: 'values_refused', value: 'low, 1', source },
    ])
  })
})

it('reads the address', () => {
  expect(policiesSearch({ shows: 'effective', model: 'writer', key: '' })).toEqual({
    shows: 'effective',
    policy: undefined,
    model: 'writer',
    key: undefined,
  })
})
