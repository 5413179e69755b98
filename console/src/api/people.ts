/** Reads about people and places, and the names by which screens call ids. */
import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import { useMemo } from 'react'
import { useHere, usePermits } from '@/app/permission'
import { usePlace, useSession } from '@/app/session'
import { call } from './client'
import { keysQuery, modelsQuery, upstreamsQuery } from './queries'
import type {
  Account,
  Group,
  Invitation,
  Member,
  OrganizationSettings,
  Page,
  ProjectSettings,
  Role,
} from './types'

const MOST = 200

/** One page after the other of a list below `path`. */
function listOf<T>(key: readonly unknown[], path: string, query: Record<string, string> = {}) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ signal, pageParam }) =>
      call<Page<T>>('GET', path, { signal, query: { ...query, cursor: pageParam, limit: 100 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}

export const membersQuery = (orgId: string) =>
  listOf<Member>(['members', orgId], `/organizations/${orgId}/members`)

export const projectMembersQuery = (projectId: string) =>
  listOf<Member>(['members', projectId], `/projects/${projectId}/members`)

export const invitationsQuery = (orgId: string) =>
  listOf<Invitation>(['invitations', orgId], `/organizations/${orgId}/invitations`)

export const groupsQuery = (orgId: string) =>
  listOf<Group>(['groups', orgId], `/organizations/${orgId}/groups`)

export const groupMembersQuery = (groupId: string) =>
  listOf<Member>(['group-members', groupId], `/groups/${groupId}/members`)

export const usersQuery = (email: string | undefined) =>
  listOf<Account>(['users', email ?? ''], '/users', email ? { email } : {})

export const projectsQuery = (orgId: string) =>
  listOf<ProjectSettings>(['projects', orgId], `/organizations/${orgId}/projects`)

export const organizationsQuery = listOf<OrganizationSettings>(['organizations'], '/organizations')

export const rolesQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['roles', orgId],
    queryFn: ({ signal }) =>
      call<{ items: Role[] }>('GET', `/organizations/${orgId}/roles`, { signal }),
    staleTime: 30_000,
  })

/** The first page of members, to name people by. */
const someMembersQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['names', orgId],
    queryFn: ({ signal }) =>
      call<Page<Member>>('GET', `/organizations/${orgId}/members`, {
        signal,
        query: { limit: MOST },
      }),
    staleTime: 60_000,
  })

/**
 * Return the function that names what an id stands for, as far as the reader may know it; an id
 * without a name stands for itself.
 */
export function useNames(): (id: string) => string {
  const place = usePlace()
  const here = useHere()
  const permits = usePermits()
  const { organizations, user } = useSession()
  const orgId = place?.organization.id ?? ''
  const projectId = place?.project.id ?? ''
  const sees = (permission: string) => place !== null && permits(permission, here)
  const members = useQuery({
    ...someMembersQuery(orgId),
    enabled: place !== null && permits('member:read', { orgId }),
  })
  const models = useQuery({ ...modelsQuery(orgId), enabled: sees('model:read') })
  const upstreams = useQuery({ ...upstreamsQuery, enabled: permits('upstream:read', 'platform') })
  const keys = useInfiniteQuery({ ...keysQuery(projectId), enabled: sees('key:read') })
  const names = useMemo(() => {
    const found = new Map<string, string>([[user.id, user.name]])
    for (const organization of organizations) {
      found.set(organization.id, organization.name)
      for (const project of organization.projects) found.set(project.id, project.name)
    }
    for (const member of members.data?.items ?? []) found.set(member.user_id, member.name)
    for (const model of models.data?.items ?? []) found.set(model.id, model.name)
    for (const upstream of upstreams.data?.items ?? []) found.set(upstream.id, upstream.name)
    for (const page of keys.data?.pages ?? []) {
      for (const key of page.items) found.set(key.id, key.name)
    }
    return found
  }, [organizations, user, members.data, models.data, upstreams.data, keys.data])
  return useMemo(() => (id: string) => names.get(id) ?? id, [names])
}
