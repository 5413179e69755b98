import { queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { CostForecast, CostReport, UsageSummary } from '@/api/types'
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
