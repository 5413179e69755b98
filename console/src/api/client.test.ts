import { afterEach, describe, expect, it, vi } from 'vitest'
import { setCsrfCookie } from '@/testing/cookie'
import { answering } from '@/testing/fetch'
import {
  address,
  call,
  csrfToken,
  type HeldChange,
  onChangeHeld,
  onSessionExpired,
  worthRetrying,
} from './client'
import { ApiError, readProblem } from './problem'

afterEach(() => {
  vi.unstubAllGlobals()
  setCsrfCookie(null)
})

const refusal = (status: number, code: string) =>
  Response.json({ code, title: 'T', detail: 'D', next_step: 'N', request_id: 'req_1' }, { status })

describe('address', () => {
  it('leaves out what is not asked for, and repeats a list', () => {
    expect(address('/x', { a: 1, b: undefined, c: ['d e', 'f'] })).toBe('/api/v1/x?a=1&c=d+e&c=f')
  })
})

describe('call', () => {
  it('repeats the CSRF token on writes only', async () => {
    setCsrfCookie('to%20ken')
    const sent = answering(Response.json({ a: 1 }), new Response(null, { status: 204 }))
    await expect(call('GET', '/models')).resolves.toEqual({ a: 1 })
    await expect(call('DELETE', '/keys/k')).resolves.toBeUndefined()
    expect(sent.map(({ headers }) => headers['X-CSRF-Token'])).toEqual([undefined, 'to ken'])
  })

  it('turns problem details into an error that keeps every part', async () => {
    answering(
      Response.json(
        {
          code: 'validation_failed',
          title: 'T',
          detail: 'D',
          next_step: 'N',
          request_id: 'req_1',
          errors: [{ field: 'body.name', message: 'too long' }],
        },
        { status: 422 },
      ),
    )
    const error = await call('POST', '/x', { body: {} }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      status: 422,
      code: 'validation_failed',
      title: 'T',
      detail: 'D',
      nextStep: 'N',
      requestId: 'req_1',
      fields: [{ field: 'name', message: 'too long' }],
    })
  })

  it('takes what waits for a second person for what it is: not done', async () => {
    const kept = { code: 'change_pending', title: 'T', detail: 'D', change_id: 'chg_1' }
    const headers = { 'Content-Type': 'application/problem+json' }
    answering(
      Response.json(kept, { status: 202, headers }),
      Response.json({ a: 1 }, { status: 202 }),
    )
    await expect(call('DELETE', '/x')).rejects.toMatchObject({
      status: 202,
      code: 'change_pending',
      changeId: 'chg_1',
    })
    await expect(call('POST', '/x')).resolves.toEqual({ a: 1 })
  })

  it('says that the platform is unreachable when no answer comes', async () => {
    answering(new TypeError('failed to fetch'))
    await expect(call('GET', '/models')).rejects.toMatchObject({
      status: 0,
      code: 'network_unreachable',
    })
  })

  it('tells of an ended session, but not of a failed sign-in', async () => {
    const ended = vi.fn()
    const stop = onSessionExpired(ended)
    answering(
      refusal(401, 'invalid_credentials'),
      refusal(401, 'sign_in_required'),
      refusal(403, 'permission_denied'),
    )
    await call('POST', '/sessions', { body: {} }).catch(() => {})
    expect(ended).not.toHaveBeenCalled()
    await call('GET', '/models').catch(() => {})
    expect(ended).toHaveBeenCalledOnce()
    stop()
    await call('GET', '/models').catch(() => {})
    expect(ended).toHaveBeenCalledOnce()
  })
})

it('leaves out query parameters that are not set', () => {
  expect(address('/a', { b: 'x y', c: undefined, d: 3 })).toBe('/api/v1/a?b=x+y&d=3')
  expect(address('/a')).toBe('/api/v1/a')
})

it('finds the CSRF token among other cookies', () => {
  expect(csrfToken('a=1; mainspring_csrf=x=y%2B; b=2')).toBe('x=y+')
  expect(csrfToken('a=1')).toBe('')
})

it('retries what may pass, never what the caller did wrong', () => {
  const of = (status: number) => readProblem(status, { code: 'c' })
  expect(worthRetrying(0, of(503))).toBe(true)
  expect(worthRetrying(2, of(503))).toBe(false)
  expect(worthRetrying(0, of(404))).toBe(false)
  expect(worthRetrying(0, new TypeError('network'))).toBe(true)
})

it('does not pretend to understand the answer of a proxy', () => {
  expect(readProblem(502, '<html>').code).toBe('unreadable_answer')
  expect(readProblem(502, null).code).toBe('unreadable_answer')
})

describe('a change that waits for a second person', () => {
  const held = () =>
    new Response(JSON.stringify({ code: 'change_pending', change_id: 'chg_1' }), {
      status: 202,
      headers: { 'Content-Type': 'application/problem+json' },
    })

  it('is told of once, and may be explained by the same request', async () => {
    const sent = answering(held(), held())
    const told: HeldChange[] = []
    const stop = onChangeHeld((change) => told.push(change))
    const body = { name: 'x' }
    await expect(call('PATCH', '/models/m', { body, ifMatch: 3 })).rejects.toThrow(ApiError)
    await told[0]?.explain('因为\n slow')
    stop()
    expect(told.map(({ id }) => id)).toEqual(['chg_1'])
    expect(sent.map(({ method, url, body: said }) => [method, url, said])).toEqual([
      ['PATCH', '/api/v1/models/m', body],
      ['PATCH', '/api/v1/models/m', body],
    ])
    expect(sent[0]?.headers['X-Change-Reason']).toBeUndefined()
    expect(sent[1]?.headers['If-Match']).toBe('"r3"')
    const bytes = Uint8Array.from(sent[1]?.headers['X-Change-Reason'] ?? '', (one) =>
      one.charCodeAt(0),
    )
    expect(new TextDecoder().decode(bytes)).toBe('因为 slow')
  })

  it('that cannot be explained says so', async () => {
    answering(held(), new Response('{}', { status: 500 }))
    const told: HeldChange[] = []
    const stop = onChangeHeld((change) => told.push(change))
    await expect(call('DELETE', '/models/m')).rejects.toThrow(ApiError)
    stop()
    await expect(told[0]?.explain('why')).rejects.toThrow(ApiError)
  })
})
