/** The names by which screens call ids. */
import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '@/api/client'
import { keysQuery, modelsQuery, upstreamsQuery } from '@/api/queries'
import type { Member, Page } from '@/api/types'
import { useHere, usePermits } from './permission'
import { usePlace, useSession } from './session'

const MOST = 200

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
