import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { ApiError } from '@/api/problem'
import type {
  Call,
  Decision,
  FullCall,
  Page,
  ProjectSettings,
  Trace,
  UsageRecord,
} from '@/api/types'
import { type RangeSearch, rangeOf } from '@/format/range'
import type { CallFilters } from './search'

/** What the pages about requests show while the address names no range. */
export const USUAL_RANGE = '24h'

const PAGE = 100

export function callParameters(projectId: string, filters: CallFilters, range: RangeSearch) {
  const { since, until } = rangeOf(range, USUAL_RANGE)
  return {
    since,
    until,
    project_id: projectId,
    text: filters.text,
    model: filters.model,
    failed: filters.failed,
    key_id: filters.key,
    session_id: filters.session,
    user_id: filters.user,
    trace_id: filters.trace,
    min_duration_ms: filters.slow,
  }
}

export const callsQuery = (projectId: string, filters: CallFilters, range: RangeSearch) =>
  infiniteQueryOptions({
    queryKey: ['calls', projectId, filters, range],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Call>>('GET', '/calls', {
        signal,
        query: { ...callParameters(projectId, filters, range), cursor: pageParam, limit: PAGE },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const recordsQuery = (projectId: string, range: RangeSearch) =>
  infiniteQueryOptions({
    queryKey: ['usage', 'records', projectId, range],
    queryFn: ({ signal, pageParam }) =>
      call<Page<UsageRecord>>('GET', '/usage/records', {
        signal,
        query: {
          ...rangeOf(range, USUAL_RANGE),
          project_id: projectId,
          cursor: pageParam,
          limit: PAGE,
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** Put what is new in front of the first page; what is known already stays where it is. */
export function withNewest<T extends { id: string }>(
  data: InfiniteData<Page<T>> | undefined,
  fresh: T[],
): typeof data {
  const [first, ...rest] = data?.pages ?? []
  if (!data || !first) return data
  const known = new Set(data.pages.flatMap(({ items }) => items.map(({ id }) => id)))
  const added = fresh.filter(({ id }) => !known.has(id))
  if (added.length === 0) return data
  return { ...data, pages: [{ ...first, items: [...added, ...first.items] }, ...rest] }
}

/** `null` where there is nothing to be seen: not kept, not sampled, or not for this reader. */
async function orNothing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null
    throw error
  }
}

/** The spool is read within moments; what is not there yet is asked for a few times more. */
const SOON = {
  refetchInterval: (query: { state: { data: unknown; dataUpdateCount: number } }) =>
    query.state.data === null && query.state.dataUpdateCount < 4 ? 1_500 : false,
} as const

export const callQuery = (callId: string) =>
  queryOptions({
    ...SOON,
    queryKey: ['call', callId],
    queryFn: ({ signal }) => orNothing(call<FullCall>('GET', `/calls/${callId}`, { signal })),
    staleTime: 60_000,
  })

export const decisionQuery = (requestId: string) =>
  queryOptions({
    ...SOON,
    queryKey: ['decision', requestId],
    queryFn: ({ signal }) =>
      orNothing(call<Decision>('GET', `/requests/${requestId}/decision`, { signal })),
    staleTime: 60_000,
  })

export const traceQuery = (traceId: string, orgId: string | undefined) =>
  queryOptions({
    ...SOON,
    queryKey: ['trace', traceId, orgId],
    queryFn: ({ signal }) =>
      orNothing(
        call<Trace>('GET', `/traces/${encodeURIComponent(traceId)}`, {
          signal,
          query: { org_id: orgId },
        }),
      ),
    staleTime: 10_000,
  })

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['project', projectId],
    queryFn: ({ signal }) => call<ProjectSettings>('GET', `/projects/${projectId}`, { signal }),
    staleTime: 30_000,
  })
