/**
 * The live stream: control tells what changed, and the cache of the queries is updated in place,
 * so every screen that shows parts or calls is live without knowing it.
 */
import type { QueryClient } from '@tanstack/react-query'
import { API, sessionExpired } from './client'
import { partsQuery, RECENT_RECORDS, recentRecordsQuery, sessionQuery } from './queries'
import type { Page, Part, UsageRecord } from './types'

export type LiveState = 'connecting' | 'live' | 'offline'

const RETRY_MS = [1_000, 2_000, 5_000, 10_000]

const callListeners = new Set<(record: UsageRecord) => void>()

/** Call `listener` for each call that the live stream tells of; returns the way to stop. */
export function onLiveCall(listener: (record: UsageRecord) => void): () => void {
  callListeners.add(listener)
  return () => callListeners.delete(listener)
}

/** Put one new call in front of the ones already known; a repeated delivery changes nothing. */
export function withRecord(page: Page<UsageRecord>, record: UsageRecord): Page<UsageRecord> {
  if (page.items.some((known) => known.id === record.id)) return page
  const items = [record, ...page.items]
  items.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return { ...page, items: items.slice(0, RECENT_RECORDS) }
}

/** Follow the stream until the returned function is called; reconnects with a growing pause. */
export function followLive(
  queries: QueryClient,
  onState: (state: LiveState) => void,
  open: (url: string) => EventSource = (url) => new EventSource(url),
): () => void {
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let stopped = false

  const connect = () => {
    onState('connecting')
    source = open(`${API}/live`)
    source.onopen = () => {
      onState('live')
      // What happened while nobody listened is read once.
      if (failures > 0) queries.invalidateQueries({ queryKey: ['usage'] })
      failures = 0
    }
    source.addEventListener('parts', (event) => {
      queries.setQueryData(partsQuery.queryKey, JSON.parse(event.data) as { items: Part[] })
    })
    source.addEventListener('call', (event) => {
      const record = JSON.parse(event.data) as UsageRecord
      queries.setQueryData(recentRecordsQuery(record.project_id).queryKey, (page) =>
        page ? withRecord(page, record) : page,
      )
      for (const listener of callListeners) listener(record)
    })
    source.onerror = () => {
      source?.close()
      if (stopped) return
      onState('offline')
      retry = setTimeout(again, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)])
      failures += 1
    }
  }

  const again = async () => {
    // An EventSource hides the status; asking who we are tells an ended session from a restart.
    const session = await queries
      .fetchQuery({ ...sessionQuery, staleTime: 0, retry: false })
      .catch(() => undefined)
    if (stopped) return
    if (session === null) sessionExpired()
    else connect()
  }

  connect()
  return () => {
    stopped = true
    clearTimeout(retry)
    source?.close()
  }
}
