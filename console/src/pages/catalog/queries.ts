import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Comparison, Page, RegistryEntry } from '@/api/types'
import { type CatalogSearch, registryFilter } from './search'

export const registryQuery = (orgId: string, search: CatalogSearch) => {
  const filter = registryFilter(search)
  return infiniteQueryOptions({
    queryKey: ['registry', orgId, filter],
    queryFn: ({ signal, pageParam }) =>
      call<Page<RegistryEntry>>('GET', '/registry/models', {
        signal,
        query: { ...filter, org_id: orgId, cursor: pageParam, limit: 60 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    staleTime: 30_000,
  })
}

export const entryQuery = (modelId: string) =>
  queryOptions({
    queryKey: ['registry-entry', modelId],
    queryFn: ({ signal }) => call<RegistryEntry>('GET', `/registry/models/${modelId}`, { signal }),
    staleTime: 30_000,
  })

export const comparisonQuery = (modelIds: readonly string[]) =>
  queryOptions({
    queryKey: ['comparison', ...modelIds],
    queryFn: ({ signal }) =>
      call<Comparison>('GET', '/registry/comparison', { signal, query: { model_id: modelIds } }),
    staleTime: 30_000,
  })
