/** Every read of the console as a query: its cache key beside its request. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call, csrfToken } from './client'
import { ApiError } from './problem'
import type {
  ApiKey,
  Model,
  Page,
  Part,
  Session,
  SetupState,
  SignInWays,
  SystemInfo,
  Upstream,
  UsageRecord,
} from './types'

/** The most items that control gives at once. */
const MOST = 200

/** The most records that the home page holds; older ones are on other pages. */
export const RECENT_RECORDS = 500

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => call<SetupState>('GET', '/setup', { signal }),
})

/** Who is signed in; `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    // Both cookies of a session live equally long; without this one there is nothing to ask about.
    if (!csrfToken()) return null
    try {
      return await call<Session>('GET', '/sessions/current', { signal })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
})

/** How one can sign in here; an address also brings up the provider of its organisation. */
export const signInWaysQuery = (email: string) => {
  const domain = /@([^\s@]+\.[^\s@]+)$/.exec(email.trim())?.[1] ?? ''
  return queryOptions({
    queryKey: ['sign-in-ways', domain],
    queryFn: ({ signal }) =>
      call<SignInWays>('GET', '/sso/ways', {
        query: domain ? { email: `x@${domain}` } : {},
        signal,
      }),
    staleTime: 60_000,
  })
}

export const systemInfoQuery = queryOptions({
  queryKey: ['system', 'info'],
  queryFn: ({ signal }) => call<SystemInfo>('GET', '/system/info', { signal }),
  staleTime: 300_000,
})

/** Kept fresh by the live stream. */
export const partsQuery = queryOptions({
  queryKey: ['system', 'parts'],
  queryFn: ({ signal }) => call<{ items: Part[] }>('GET', '/system/parts', { signal }),
})

/** The models that an organisation sees: its own and those of everyone. */
export const modelsQuery = (organizationId: string | undefined) =>
  queryOptions({
    queryKey: ['models', organizationId],
    queryFn: ({ signal }) =>
      call<Page<Model>>('GET', '/models', {
        signal,
        query: { org_id: organizationId, limit: MOST },
      }),
    staleTime: 30_000,
  })

export const upstreamsQuery = queryOptions({
  queryKey: ['upstreams'],
  queryFn: ({ signal }) =>
    call<Page<Upstream>>('GET', '/upstreams', { signal, query: { limit: MOST } }),
  staleTime: 30_000,
})

export const keysQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ['keys', projectId],
    queryFn: ({ signal, pageParam }) =>
      call<Page<ApiKey>>('GET', `/projects/${projectId}/keys`, {
        signal,
        query: { cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

const DAY_MS = 86_400_000

/** Whether the project was ever called before the last day; control looks 92 days back at most. */
export const earlierRecordsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['usage', 'earlier', projectId],
    queryFn: ({ signal }) =>
      call<Page<UsageRecord>>('GET', '/usage/records', {
        signal,
        query: {
          project_id: projectId,
          since: new Date(Date.now() - 92 * DAY_MS).toISOString(),
          until: new Date(Date.now() - DAY_MS).toISOString(),
          limit: 1,
        },
      }),
    staleTime: DAY_MS,
  })

/** The project's calls of the last day, newest first; kept fresh by the live stream. */
export const recentRecordsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['usage', 'recent', projectId],
    queryFn: ({ signal }) =>
      call<Page<UsageRecord>>('GET', '/usage/records', {
        signal,
        query: { project_id: projectId, limit: RECENT_RECORDS },
      }),
  })
