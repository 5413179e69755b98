/**
 * What the signed-in person may do where. Control decides every call anew; this only lets pages
 * offer what will work, and say which permission is missing where something will not.
 */
import { queryOptions } from '@tanstack/react-query'
import { call } from './client'
import { ApiError } from './problem'
import type { Explanation, PermissionInfo, Role } from './types'

/** A role that the person has; where `orgId` is `null` it holds everywhere. */
export interface Holding {
  role: string
  through: string
  orgId: string | null
  projectId: string | null
}

export interface Access {
  holdings: Holding[]
  /** What each role permits, by {@link roleKey}; one that may not be read is missing. */
  permissions: Record<string, string[]>
  builtIn: Role[]
  known: PermissionInfo[]
}

/** Where something is to be done. */
export type Place = 'platform' | { orgId: string; projectId?: string | null }

export type Verdict = 'yes' | 'no' | 'unknown'

const EVERYTHING = '*'

/** Organisations name their own roles, so a role is known by both. */
export const roleKey = (role: string, orgId: string | null) => `${orgId ?? ''}/${role}`

/** Whether a role held there counts at `place`. */
export function covers(holding: Pick<Holding, 'orgId' | 'projectId'>, place: Place): boolean {
  if (holding.orgId === null) return true
  if (place === 'platform' || holding.orgId !== place.orgId) return false
  return holding.projectId === null || holding.projectId === place.projectId
}

/** Whether the person may do `permission` at `place`, as far as can be told from here. */
export function permits(access: Access, permission: string, place: Place): Verdict {
  const info = access.known.find(({ name }) => name === permission)
  const where = info?.of_platform ? 'platform' : place
  let unknown = false
  for (const holding of access.holdings.filter((each) => covers(each, where))) {
    const given =
      access.permissions[roleKey(holding.role, null)] ??
      access.permissions[roleKey(holding.role, holding.orgId)]
    if (!given) unknown = true
    else if (given.includes(permission) || given.includes(EVERYTHING)) return 'yes'
  }
  return unknown ? 'unknown' : 'no'
}

/** The built-in roles that would give `permission`. */
export function rolesGiving(access: Access, permission: string): Role[] {
  const ofPlatform = access.known.find(({ name }) => name === permission)?.of_platform ?? false
  return access.builtIn.filter(
    ({ permissions, levels }) =>
      (permissions.includes(permission) || permissions.includes(EVERYTHING)) &&
      (!ofPlatform || levels.includes('platform')),
  )
}

/** What one may do while one acts in an emergency: what one may anyway, and what its role permits. */
export function withEmergency(access: Access, role: string): Access {
  const held: Holding = { role, through: 'break_glass', orgId: null, projectId: null }
  return { ...access, holdings: [...access.holdings, held] }
}

export const accessQuery = (userId: string) =>
  queryOptions({
    queryKey: ['access', userId],
    queryFn: async ({ signal }): Promise<Access> => {
      const [mine, roles, known] = await Promise.all([
        call<Explanation>('GET', '/access/explain', {
          signal,
          query: { actor: userId, permission: 'model:read', resource: 'platform' },
        }),
        call<{ items: Role[] }>('GET', '/roles', { signal }),
        call<{ items: PermissionInfo[] }>('GET', '/permissions', { signal }),
      ])
      const holdings = mine.considered.map(({ role, through, org_id, project_id }) => ({
        role,
        through,
        orgId: org_id,
        projectId: project_id,
      }))
      const permissions: Access['permissions'] = {}
      for (const role of roles.items) permissions[roleKey(role.name, null)] = role.permissions
      const own = new Set(
        holdings
          .filter(({ role }) => !permissions[roleKey(role, null)])
          .flatMap(({ orgId }) => orgId ?? []),
      )
      for (const orgId of own) {
        for (const role of await rolesOf(orgId, signal)) {
          permissions[roleKey(role.name, orgId)] ??= role.permissions
        }
      }
      return { holdings, permissions, builtIn: roles.items, known: known.items }
    },
    staleTime: 60_000,
  })

async function rolesOf(orgId: string, signal: AbortSignal): Promise<Role[]> {
  try {
    const path = `/organizations/${orgId}/roles`
    return (await call<{ items: Role[] }>('GET', path, { signal })).items
  } catch (error) {
    // Whoever may not read the roles may still have one; its buttons stay, and control decides.
    if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return []
    throw error
  }
}
