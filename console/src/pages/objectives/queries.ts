import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Page, Slo, SloAlert, SloStatus } from '@/api/types'

/** A worker judges every objective each minute; asking more often tells nothing new. */
const FRESH_MS = 30_000

/** There are at most a hundred of them. */
export const slosQuery = queryOptions({
  queryKey: ['slos'],
  queryFn: ({ signal }) => call<Page<Slo>>('GET', '/slos', { signal, query: { limit: 200 } }),
  refetchInterval: FRESH_MS,
})

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: ['slos', 'status', id],
    queryFn: ({ signal }) => call<SloStatus>('GET', `/slos/${id}/status`, { signal }),
    refetchInterval: FRESH_MS,
  })

export const openAlertsQuery = queryOptions({
  queryKey: ['slos', 'alerts', 'open'],
  queryFn: ({ signal }) =>
    call<Page<SloAlert>>('GET', '/slos/alerts', { signal, query: { state: 'open', limit: 200 } }),
  refetchInterval: FRESH_MS,
})

export const alertsQuery = (sloId?: string) =>
  infiniteQueryOptions({
    queryKey: ['slos', 'alerts', 'all', sloId ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call<Page<SloAlert>>('GET', '/slos/alerts', {
        signal,
        query: { slo_id: sloId, cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: FRESH_MS,
  })
