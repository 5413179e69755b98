/** What a change would do: its request beside what is there now. */

import type { PendingChange } from '@/api/types'
import { type Change, changesOf } from '@/format/diff'
import type { Tone } from '@/ui/status'

export const STATE_TONES: Record<PendingChange['state'], Tone> = {
  pending: 'warn',
  approved: 'accent',
  executed: 'ok',
  failed: 'bad',
  rejected: 'bad',
  withdrawn: 'idle',
  expired: 'idle',
}

const REPLACING = new Set(['PUT', 'PATCH', 'DELETE'])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether what is at the path now tells what the change would change. */
export function hasPresent({ method, state }: Pick<PendingChange, 'method' | 'state'>): boolean {
  return state === 'pending' && REPLACING.has(method)
}

/**
 * The fields that would change. Only those that the request names count, for it leaves the others
 * as they are; what is removed goes with all of its fields. `present` is unknown where it is
 * `undefined`.
 */
export function effectOf(
  { method, shown }: Pick<PendingChange, 'method' | 'shown'>,
  present: unknown,
): Change[] {
  if (method === 'DELETE') return changesOf(present, null)
  if (!isObject(shown) || !isObject(present)) return changesOf(null, shown)
  const before = Object.fromEntries(
    Object.keys(shown)
      .filter((name) => name in present)
      .map((name) => [name, present[name]]),
  )
  return changesOf(before, shown)
}
