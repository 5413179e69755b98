import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type {
  Agreement,
  CostForecast,
  CostReport,
  GpuPrice,
  IdleReport,
  Page,
  Reconciliation,
  UsageSummary,
} from '@/api/types'
import type { Range } from '@/format/range'
import type { Dimension, Interval, Over } from './search'

interface Span {
  since: string
  until: string | undefined
}

export const summaryQuery = (projectId: string, { since, until }: Span, fresh = true) =>
  queryOptions({
    queryKey: ['usage', 'summary', projectId, since, until],
    queryFn: ({ signal }) =>
      call<UsageSummary>('GET', '/usage/summary', {
        signal,
        query: { since, until, project_id: projectId },
      }),
    // What has passed does not change any more.
    staleTime: fresh ? 15_000 : 3_600_000,
  })

/** A question about costs as the API takes it. */
export interface CostQuestion extends Span {
  group_by?: Dimension[] | undefined
  interval?: Interval | undefined
  org_id?: string | undefined
  project_id?: string | undefined
  key_id?: string | undefined
  actor_id?: string | undefined
  model?: string | undefined
}

/** Whose calls count, as the API is told. */
export function whose(
  over: Over,
  place: { organization: { id: string }; project: { id: string } },
): Pick<CostQuestion, 'org_id' | 'project_id'> {
  if (over === 'project') return { project_id: place.project.id }
  return over === 'organization' ? { org_id: place.organization.id } : {}
}

export const costsQuery = (question: CostQuestion, fresh = true) =>
  queryOptions({
    queryKey: ['usage', 'costs', question],
    queryFn: ({ signal }) => call<CostReport>('GET', '/costs', { signal, query: { ...question } }),
    staleTime: fresh ? 15_000 : 3_600_000,
  })

/** It is made of whole days, and of what this month cost until now. */
export const forecastQuery = (question: Pick<CostQuestion, 'org_id' | 'project_id' | 'model'>) =>
  queryOptions({
    queryKey: ['usage', 'forecast', question],
    queryFn: ({ signal }) =>
      call<CostForecast>('GET', '/costs/forecast', { signal, query: { ...question } }),
    staleTime: 300_000,
  })

/** What GPU hours cost, oldest first; there are a thousand at most. */
export const gpuPricesQuery = infiniteQueryOptions({
  queryKey: ['gpu-prices'],
  queryFn: ({ signal, pageParam }) =>
    call<Page<GpuPrice>>('GET', '/gpu-prices', {
      signal,
      query: { cursor: pageParam, limit: 100 },
    }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const idleQuery = (days: number, orgId: string | undefined) =>
  queryOptions({
    queryKey: ['usage', 'idle', days, orgId ?? ''],
    queryFn: ({ signal }) =>
      call<IdleReport>('GET', '/usage/idle', { signal, query: { days, org_id: orgId } }),
    staleTime: 300_000,
  })

/** Hours of gateways beside the ledger, newest first; the worker compares them each hour. */
export const reconciliationQuery = (range: Range, state: Agreement | undefined) =>
  infiniteQueryOptions({
    queryKey: ['usage', 'reconciliation', range, state ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Reconciliation>>('GET', '/usage/reconciliation', {
        signal,
        query: { ...range, state, cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 60_000,
  })
