/** Reads about people and places. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from './client'
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

/** One page after the other of a list below `path`. */
export function listOf<T>(
  key: readonly unknown[],
  path: string,
  query: Record<string, string> = {},
) {
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
