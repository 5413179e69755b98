import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Dataset, DatasetItem, Page } from '@/api/types'

/** The most that control gives at once of either. */
const SETS = 200
const ITEMS = 50

export const datasetsQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ['datasets', projectId],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Dataset>>('GET', `/projects/${projectId}/datasets`, {
        signal,
        query: { cursor: pageParam, limit: SETS },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const datasetItemsQuery = (datasetId: string, version: number) =>
  infiniteQueryOptions({
    queryKey: ['dataset-items', datasetId, version],
    queryFn: ({ signal, pageParam }) =>
      call<Page<DatasetItem>>('GET', `/datasets/${datasetId}/items`, {
        signal,
        query: { cursor: pageParam, limit: ITEMS, version },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
