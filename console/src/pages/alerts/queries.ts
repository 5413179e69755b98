import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Alert, Channel, Delivery, Page, Silence } from '@/api/types'
import type { AlertState, Severity } from './search'

/** Whose they are: an organisation's id, or `null` for the platform. */
export type OwnerId = string | null

/** Workers decide each second what is told; a page that is looked at need not be that quick. */
const FRESH_MS = 15_000

/** Where an owner's alerts, channels and silences are. */
export const pathOf = (owner: OwnerId, what: 'alerts' | 'notification-channels' | 'silences') =>
  owner ? `/organizations/${owner}/${what}` : `/${what}`

export const alertsQuery = (owner: OwnerId, state: AlertState, severity: Severity | undefined) =>
  infiniteQueryOptions({
    queryKey: ['alerts', owner ?? '', state, severity ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Alert>>('GET', pathOf(owner, 'alerts'), {
        signal,
        query: {
          state: state === 'all' ? undefined : state,
          severity,
          cursor: pageParam,
          limit: 100,
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: FRESH_MS,
  })

export const alertQuery = (id: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', id],
    queryFn: ({ signal }) => call<Alert>('GET', `/alerts/${id}`, { signal }),
    refetchInterval: FRESH_MS,
  })

/** What fires now, as far as a silence's preview needs it. */
export const firingQuery = (owner: OwnerId) =>
  queryOptions({
    queryKey: ['alerts', owner ?? '', 'preview'],
    queryFn: ({ signal }) =>
      call<Page<Alert>>('GET', pathOf(owner, 'alerts'), {
        signal,
        query: { state: 'firing', limit: 200 },
      }),
    refetchInterval: FRESH_MS,
  })

/** An owner has at most thirty. */
export const channelsQuery = (owner: OwnerId) =>
  infiniteQueryOptions({
    queryKey: ['channels', owner ?? ''],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Channel>>('GET', pathOf(owner, 'notification-channels'), {
        signal,
        query: { cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const deliveriesQuery = (channelId: string) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', channelId],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Delivery>>('GET', `/notification-channels/${channelId}/deliveries`, {
        signal,
        query: { cursor: pageParam, limit: 50 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: FRESH_MS,
  })

export const silencesQuery = (owner: OwnerId, withPast: boolean) =>
  infiniteQueryOptions({
    queryKey: ['silences', owner ?? '', withPast],
    queryFn: ({ signal, pageParam }) =>
      call<Page<Silence>>('GET', pathOf(owner, 'silences'), {
        signal,
        query: { with_past: withPast || undefined, cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** The silences that hold or will: an owner has at most two hundred that hold at once. */
export const presentSilencesQuery = (owner: OwnerId) =>
  queryOptions({
    queryKey: ['silences', owner ?? '', 'present'],
    queryFn: ({ signal }) =>
      call<Page<Silence>>('GET', pathOf(owner, 'silences'), { signal, query: { limit: 200 } }),
    refetchInterval: FRESH_MS,
  })
