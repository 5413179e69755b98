import { describe, expect, it } from 'vitest'
import { type Access, covers, permits, roleKey, rolesGiving, withEmergency } from './access'

const role = (
  name: string,
  permissions: string[],
  levels: ('platform' | 'organization' | 'project')[],
) => ({
  name,
  permissions,
  levels,
  description: '',
  built_in: true,
  updated_at: null,
  revision: null,
})

const BUILT_IN = [
  role('platform_admin', ['*'], ['platform']),
  role('org_admin', ['*'], ['organization']),
  role('viewer', ['key:read'], ['organization', 'project']),
]

const known = (name: string, of_platform = false) => ({ name, of_platform, description: '' })

const access = (...holdings: Access['holdings']): Access => ({
  holdings,
  permissions: Object.fromEntries(
    BUILT_IN.map((one) => [roleKey(one.name, null), one.permissions]),
  ),
  builtIn: BUILT_IN,
  known: [known('key:read'), known('key:write'), known('upstream:write', true)],
})

const held = (name: string, orgId: string | null, projectId: string | null = null) => ({
  role: name,
  through: '',
  orgId,
  projectId,
})

const HERE = { orgId: 'org_1', projectId: 'prj_1' }

describe('covers', () => {
  it.each([
    [held('r', null), 'platform', true],
    [held('r', null), HERE, true],
    [held('r', 'org_1'), 'platform', false],
    [held('r', 'org_1'), HERE, true],
    [held('r', 'org_2'), HERE, false],
    [held('r', 'org_1', 'prj_1'), HERE, true],
    [held('r', 'org_1', 'prj_2'), HERE, false],
    [held('r', 'org_1', 'prj_1'), { orgId: 'org_1' }, false],
  ] as const)('of %j at %j is %s', (holding, place, answer) => {
    expect(covers(holding, place)).toBe(answer)
  })
})

describe('permits', () => {
  it('counts the role of an emergency everywhere', () => {
    const viewer = access(held('viewer', 'org_1', 'prj_1'))
    expect(permits(viewer, 'upstream:write', 'platform')).toBe('no')
    const acting = withEmergency(viewer, 'platform_admin')
    expect(permits(acting, 'upstream:write', 'platform')).toBe('yes')
    expect(permits(acting, 'key:write', HERE)).toBe('yes')
  })

  it('knows what a role gives where it holds, and nowhere else', () => {
    const viewer = access(held('viewer', 'org_1', 'prj_1'))
    expect(permits(viewer, 'key:read', HERE)).toBe('yes')
    expect(permits(viewer, 'key:write', HERE)).toBe('no')
    expect(permits(viewer, 'key:read', { orgId: 'org_1', projectId: 'prj_2' })).toBe('no')
  })

  it('keeps what is of the platform from whoever rules an organisation', () => {
    expect(permits(access(held('org_admin', 'org_1')), 'key:write', HERE)).toBe('yes')
    expect(permits(access(held('org_admin', 'org_1')), 'upstream:write', HERE)).toBe('no')
    expect(permits(access(held('platform_admin', null)), 'upstream:write', HERE)).toBe('yes')
  })

  it('does not forbid what a role that cannot be read may give', () => {
    expect(permits(access(held('key-keeper', 'org_1')), 'key:write', HERE)).toBe('unknown')
    expect(permits(access(held('key-keeper', 'org_2')), 'key:write', HERE)).toBe('no')
  })

  it('tells organisations apart that gave different roles the same name', () => {
    const mine = access(held('keeper', 'org_1'))
    mine.permissions[roleKey('keeper', 'org_2')] = ['key:write']
    expect(permits(mine, 'key:write', HERE)).toBe('unknown')
    mine.permissions[roleKey('keeper', 'org_1')] = ['key:write']
    expect(permits(mine, 'key:write', HERE)).toBe('yes')
  })
})

it('names the roles that would help', () => {
  const names = (permission: string) => rolesGiving(access(), permission).map(({ name }) => name)
  expect(names('key:read')).toEqual(['platform_admin', 'org_admin', 'viewer'])
  expect(names('upstream:write')).toEqual(['platform_admin'])
})
