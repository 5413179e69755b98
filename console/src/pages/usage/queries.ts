import { queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { UsageSummary } from '@/api/types'

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
