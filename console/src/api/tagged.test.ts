import { afterEach, describe, expect, it, vi } from 'vitest'
import { answering } from '@/testing/fetch'
import { readTagged, revisionOf } from './tagged'

afterEach(() => vi.unstubAllGlobals())

describe('an object with its revision', () => {
  it.each([
    ['"r3"', 3],
    ['W/"r12"', 12],
    ['"3"', undefined],
    ['r3', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads the ETag %j as %j', (etag, revision) => {
    expect(revisionOf(etag)).toBe(revision)
  })

  it('is what was read, and where it was read from', async () => {
    const sent = answering(Response.json({ name: 'a' }, { headers: { ETag: '"r7"' } }))
    expect(await readTagged('/policies/pol_1')).toEqual({ name: 'a', revision: 7 })
    expect(sent.map(({ url }) => url)).toEqual(['/api/v1/policies/pol_1'])
  })
})
