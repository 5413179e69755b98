import { expect, it } from 'vitest'
import { KEY } from '@/testing/samples'
import { changeOf, formOf } from './key-form'

const BOUND = { ...KEY, expires_at: '2026-04-01T10:00:30Z', models: ['writer'] }

it('changes nothing about a key where nothing was changed', () => {
  expect(changeOf(formOf(BOUND), BOUND)).toEqual({})
})

it('says only what was changed about a key', () => {
  const form = formOf(BOUND)
  expect(changeOf({ ...form, expires: '', allowed: null }, BOUND)).toEqual({
    expires_at: null,
    models: null,
  })
  const limits = { ...form.limits, requests_per_minute: '60' }
  expect(changeOf({ ...form, limits, scopes: ['chat:write'] }, BOUND)).toEqual({
    scopes: ['chat:write'],
    limits: { requests_per_minute: 60 },
  })
})
