/**
 * The one way to the control plane: same origin, session cookie, CSRF header on writes, problem
 * details on failure. Nothing else in the console calls `fetch`.
 */
import {
  ApiError,
  asApiError,
  CHANGE_PENDING,
  readProblem,
  UNREADABLE,
  unreachable,
} from './problem'

export const API = '/api/v1'

const PROBLEM = 'application/problem+json'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface CallOptions {
  /** Sent as JSON. */
  body?: unknown
  /** Query parameters; `undefined` ones are left out, a list is given once for each of its items. */
  query?: Record<string, string | number | boolean | readonly string[] | undefined>
  signal?: AbortSignal | undefined
  /** The revision that was read: the change is refused if somebody else made another meanwhile. */
  ifMatch?: number | undefined
  /** Why, for whoever has to agree to it. */
  reason?: string | undefined
}

/** Asking who is signed in, failing to, or an old link says nothing about a session that was there. */
const OF_STRANGERS = /^\/(sessions|setup|invitations\/(open|accept|join))/

const expiryListeners = new Set<() => void>()

/** Call `listener` when a request finds that the session has ended; returns the way to stop. */
export function onSessionExpired(listener: () => void): () => void {
  expiryListeners.add(listener)
  return () => expiryListeners.delete(listener)
}

/** Tell everyone that the session has ended (also used by the live stream). */
export function sessionExpired(): void {
  for (const listener of expiryListeners) listener()
}

/** A change that was kept until somebody else agrees; who asked for it may still say why. */
export interface HeldChange {
  id: string
  /** Send the same request again, with the reason; it stays the same change. */
  explain: (reason: string) => Promise<void>
}

const heldListeners = new Set<(change: HeldChange) => void>()

/** Call `listener` when a change waits that has no reason yet; returns the way to stop. */
export function onChangeHeld(listener: (change: HeldChange) => void): () => void {
  heldListeners.add(listener)
  return () => heldListeners.delete(listener)
}

/** A text as a header carries it: its UTF-8 bytes, on one line. */
export function headerText(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return String.fromCharCode(...new TextEncoder().encode(line))
}

/** The CSRF token that control left in a readable cookie; empty before sign-in. */
export function csrfToken(cookies: string = document.cookie): string {
  for (const part of cookies.split('; ')) {
    const [name, ...value] = part.split('=')
    if (name === 'mainspring_csrf') return decodeURIComponent(value.join('='))
  }
  return ''
}

export function address(path: string, query: CallOptions['query'] = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) parameters.append(name, one)
    else if (value !== undefined) parameters.set(name, String(value))
  }
  const tail = parameters.toString()
  return `${API}${path}${tail && '?'}${tail}`
}

/**
 * Send one request and return the answer once it is known that it was done.
 *
 * @throws ApiError with the problem that control described, or `network_unreachable`.
 */
export async function send(
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Response> {
  const { body, query, signal, ifMatch, reason } = options
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (ifMatch !== undefined) headers['If-Match'] = `"r${ifMatch}"`
  if (reason) headers['X-Change-Reason'] = headerText(reason)
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken()
  let answer: Response
  try {
    answer = await fetch(address(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw unreachable()
  }
  // A change that waits for a second person is answered with 202 and a problem: it is not done.
  const isProblem = answer.headers.get('Content-Type')?.startsWith(PROBLEM) ?? false
  if (answer.ok && !isProblem) return answer
  const problem = readProblem(answer.status, await answer.json().catch(() => null))
  if (problem.code === CHANGE_PENDING && problem.changeId && !reason) {
    const explain = (why: string) =>
      send(method, path, { ...options, signal: undefined, reason: why }).then(
        () => undefined,
        (again: unknown) => {
          if (asApiError(again).code !== CHANGE_PENDING) throw again
        },
      )
    for (const listener of heldListeners) listener({ id: problem.changeId, explain })
  }
  if (problem.status === 401 && !OF_STRANGERS.test(path)) sessionExpired()
  throw problem
}

/** Send one request and return its JSON (or `undefined` for 204). */
export async function call<T>(method: Method, path: string, options?: CallOptions): Promise<T> {
  const answer = await send(method, path, options)
  if (answer.status === 204) return undefined as T
  try {
    return (await answer.json()) as T
  } catch {
    throw readProblem(answer.status, { code: UNREADABLE })
  }
}

/** Whether asking again can help: not for what the caller did wrong. */
export function worthRetrying(failures: number, error: unknown): boolean {
  const { status } = asApiError(error)
  return failures < 2 && (status === 0 || status >= 500)
}

export { ApiError }
