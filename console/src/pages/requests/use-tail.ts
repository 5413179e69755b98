import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from '@/api/client'
import { onLiveCall } from '@/api/live'
import type { Call, Page } from '@/api/types'
import type { RangeSearch } from '@/format/range'
import { callParameters, callsQuery, recordsQuery, withNewest } from './queries'
import type { CallFilters } from './search'

/** Call records follow their line of the ledger; several calls share one question. */
const SETTLE_MS = 1_200
/** The most calls that are fetched for one question; older ones appear when the list is read anew. */
const MOST = 100

interface Tail {
  enabled: boolean
  show: 'calls' | 'records'
  projectId: string
  filters: CallFilters
  range: RangeSearch
}

/** While `enabled`, put the project's new calls in front of the list as they happen. */
export function useTail({ enabled, show, projectId, filters, range }: Tail): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!enabled) return
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = async () => {
      timer = undefined
      try {
        const fresh = await call<Page<Call>>('GET', '/calls', {
          signal: abort.signal,
          query: { ...callParameters(projectId, filters, range), limit: MOST },
        })
        const { queryKey } = callsQuery(projectId, filters, range)
        queries.setQueryData(queryKey, (data) => withNewest(data, fresh.items))
      } catch {
        // The next call asks again; the badge in the header says when the platform is away.
      }
    }
    const stop = onLiveCall((record) => {
      if (record.project_id !== projectId) return
      if (show === 'calls') {
        timer ??= setTimeout(() => void read(), SETTLE_MS)
        return
      }
      const { queryKey } = recordsQuery(projectId, range)
      queries.setQueryData(queryKey, (data) => withNewest(data, [record]))
    })
    return () => {
      stop()
      clearTimeout(timer)
      abort.abort()
    }
  }, [enabled, show, projectId, filters, range, queries])
}
