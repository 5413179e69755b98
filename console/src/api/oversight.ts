/** Reads about changes that need a second person, and about emergencies. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { API, call } from './client'
import { readTagged } from './tagged'
import type { Emergency, FourEyes, Page, PendingChange } from './types'

/** Others decide while one looks: lists and details are asked for again so often. */
const FRESH_MS = 10_000

export type ChangeState = PendingChange['state']

export const changesQuery = (state: ChangeState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['changes', state ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call<Page<PendingChange>>('GET', '/changes', {
        signal,
        query: { state, cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: FRESH_MS,
  })

export const changeQuery = (id: string) =>
  queryOptions({
    queryKey: ['changes', 'one', id],
    queryFn: ({ signal }) => call<PendingChange>('GET', `/changes/${id}`, { signal }),
    refetchInterval: FRESH_MS,
  })

/** What a change is about as it is now, for whoever may read it. */
export const presentQuery = (path: string) =>
  queryOptions({
    queryKey: ['present', path],
    queryFn: ({ signal }) => call<unknown>('GET', path.slice(API.length), { signal }),
    retry: false,
  })

export const fourEyesQuery = queryOptions({
  queryKey: ['four-eyes'],
  queryFn: ({ signal }) => readTagged<FourEyes>('/four-eyes', signal),
})

/** The newest emergencies, the open ones among them; the banner asks again and again. */
export const emergenciesQuery = queryOptions({
  queryKey: ['emergencies', 'newest'],
  queryFn: ({ signal }) =>
    call<Page<Emergency>>('GET', '/break-glass', { signal, query: { limit: 50 } }),
  staleTime: FRESH_MS,
})

export const allEmergenciesQuery = infiniteQueryOptions({
  queryKey: ['emergencies', 'all'],
  queryFn: ({ signal, pageParam }) =>
    call<Page<Emergency>>('GET', '/break-glass', {
      signal,
      query: { cursor: pageParam, limit: 100 },
    }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  refetchInterval: FRESH_MS,
})

/** Whether somebody acts in it at `nowMs`. */
export function isOpen(
  { ended_at, until }: Pick<Emergency, 'ended_at' | 'until'>,
  nowMs: number = Date.now(),
): boolean {
  return ended_at === null && nowMs < Date.parse(until)
}
