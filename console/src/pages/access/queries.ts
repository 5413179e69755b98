import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { listOf } from '@/api/people'
import type { AccessRequest, AccessRule, ModelGrant, Page } from '@/api/types'
import type { AccessState, RequestsView } from './search'

/** Others decide while one looks: lists and details are asked for again so often. */
const FRESH_MS = 10_000

export const requestsQuery = (orgId: string, view: RequestsView, state?: AccessState) =>
  infiniteQueryOptions({
    queryKey: ['access-requests', orgId, view, state ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call<Page<AccessRequest>>('GET', `/organizations/${orgId}/access-requests`, {
        signal,
        query: { view, state, cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: FRESH_MS,
  })

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ['access-requests', 'one', id],
    queryFn: ({ signal }) => call<AccessRequest>('GET', `/access-requests/${id}`, { signal }),
    refetchInterval: FRESH_MS,
  })

export const rulesQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['access-rules', orgId],
    queryFn: ({ signal }) =>
      call<{ items: AccessRule[] }>('GET', '/access-rules', { signal, query: { org_id: orgId } }),
  })

/** Grants of restricted models: of an organisation, or, without one, all there are. */
export const grantsQuery = (orgId: string | null, modelId?: string) =>
  listOf<ModelGrant>(['model-grants', orgId ?? '', modelId ?? ''], '/model-grants', {
    ...(orgId ? { org_id: orgId } : {}),
    ...(modelId ? { model_id: modelId } : {}),
  })
