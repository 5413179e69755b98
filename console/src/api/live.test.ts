import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { setCsrfCookie } from '@/testing/cookie'
import { answering } from '@/testing/fetch'
import { PART, RECORD } from '@/testing/samples'
import { onSessionExpired } from './client'
import { followLive, withRecord } from './live'
import { partsQuery, recentRecordsQuery } from './queries'

/** An EventSource whose events the test sends. */
class Source extends EventTarget {
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  closed = false
  close() {
    this.closed = true
  }
  say(event: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }))
  }
}

function opened(queries: QueryClient) {
  const sources: Source[] = []
  const states: string[] = []
  const stop = followLive(
    queries,
    (state) => states.push(state),
    () => {
      const source = new Source()
      sources.push(source)
      return source as unknown as EventSource
    },
  )
  return { sources, states, stop, last: () => sources.at(-1) as Source }
}

describe('withRecord', () => {
  const page = { items: [RECORD], next_cursor: 'c' }

  it('puts a new call in its place by time', () => {
    const newer = { ...RECORD, id: 'use_3', at: '2026-03-01T10:00:02Z' }
    const between = { ...RECORD, id: 'use_2', at: '2026-03-01T10:00:01Z' }
    expect(withRecord(withRecord(page, newer), between)).toEqual({
      items: [newer, between, RECORD],
      next_cursor: 'c',
    })
  })

  it('counts a repeated delivery once', () => {
    expect(withRecord(page, { ...RECORD })).toBe(page)
  })
})

describe('followLive', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    setCsrfCookie('x')
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('keeps parts and calls fresh in the cache of the queries', () => {
    const queries = new QueryClient()
    queries.setQueryData(recentRecordsQuery('prj_1').queryKey, { items: [], next_cursor: null })
    const { last, states, stop } = opened(queries)
    last().onopen?.()
    last().say('parts', { items: [PART] })
    last().say('call', RECORD)
    last().say('call', { ...RECORD, id: 'use_2', project_id: 'prj_other' })
    expect(states).toEqual(['connecting', 'live'])
    expect(queries.getQueryData(partsQuery.queryKey)).toEqual({ items: [PART] })
    expect(queries.getQueryData(recentRecordsQuery('prj_1').queryKey)?.items).toEqual([RECORD])
    expect(queries.getQueryData(recentRecordsQuery('prj_other').queryKey)).toBeUndefined()
    stop()
    expect(last().closed).toBe(true)
  })

  it('connects again after a failure while the session lasts', async () => {
    answering(Response.json({ user: {} }))
    const { sources, states, last, stop } = opened(new QueryClient())
    last().onerror?.()
    expect(states.at(-1)).toBe('offline')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sources).toHaveLength(2)
    last().onopen?.()
    expect(states).toEqual(['connecting', 'offline', 'connecting', 'live'])
    stop()
  })

  it('keeps trying while the platform is away', async () => {
    answering(new TypeError('refused'))
    const { sources, last, stop } = opened(new QueryClient())
    last().onerror?.()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sources).toHaveLength(2)
    stop()
  })

  it('tells of a session that has ended instead of connecting again', async () => {
    answering(Response.json({ code: 'sign_in_required' }, { status: 401 }))
    const ended = vi.fn()
    const unsubscribe = onSessionExpired(ended)
    const { sources, last, stop } = opened(new QueryClient())
    last().onerror?.()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(ended).toHaveBeenCalledOnce()
    expect(sources).toHaveLength(1)
    unsubscribe()
    stop()
  })
})
