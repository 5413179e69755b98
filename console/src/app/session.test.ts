import { describe, expect, it } from 'vitest'
import { tokenIn } from '@/pages/setup/setup-token'
import { findPlace, safeReturn } from './session'
import { initials } from './UserMenu'

const project = (id: string) => ({ id, name: id, slug: id })
const ORGANIZATIONS = [
  { ...project('org_a'), projects: [project('p1'), project('p2')] },
  { ...project('org_b'), projects: [project('p3')] },
]

describe('findPlace', () => {
  it.each([
    [['p3', 'p2'], 'p3'],
    [['gone', 'p2'], 'p2'],
    [[undefined, null], 'p1'],
  ])('with %j wanted is %s', (wanted, id) => {
    expect(findPlace(ORGANIZATIONS, ...wanted)?.project.id).toBe(id)
  })

  it('names the organisation of the project', () => {
    expect(findPlace(ORGANIZATIONS, 'p3')?.organization.id).toBe('org_b')
  })

  it('is nothing where there is no project', () => {
    expect(findPlace([{ ...project('org_c'), projects: [] }])).toBeNull()
  })
})

describe('safeReturn', () => {
  const origin = 'http://127.0.0.1:8090'

  it.each([
    ['/keys?create=true#x', '/keys?create=true#x'],
    [undefined, '/'],
    ['https://evil.example/', '/'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['keys', '/'],
  ])('leads %j to %s', (next, path) => {
    expect(safeReturn(next, origin)).toBe(path)
  })
})

describe('tokenIn', () => {
  it('finds the token of the set-up link in either place', () => {
    expect(tokenIn('', '#token=msu-1')).toBe('msu-1')
    expect(tokenIn('?token=msu-2', '')).toBe('msu-2')
    expect(tokenIn('?a=1', '#b')).toBeNull()
  })
})

describe('initials', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['林晓', '林'],
    ['Jean van der Berg', 'JB'],
    ['', ''],
  ])('of %j are %j', (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})
