import { queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Preset } from '@/api/types'

/** What is known of vendors and servers; it changes with a release of ours only. */
export const presetsQuery = queryOptions({
  queryKey: ['upstream-presets'],
  queryFn: ({ signal }) => call<{ items: Preset[] }>('GET', '/upstream-presets', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
})
