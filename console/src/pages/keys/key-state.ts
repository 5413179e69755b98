import type { ApiKey } from '@/api/types'

export type KeyState = 'active' | 'expiring' | 'expired' | 'revoked'

const SOON_MS = 7 * 86_400_000

/** What a key is good for at `nowMs`; in its last week it is `expiring`. */
export function keyState(
  { revoked_at, expires_at }: Pick<ApiKey, 'revoked_at' | 'expires_at'>,
  nowMs: number,
): KeyState {
  if (revoked_at) return 'revoked'
  if (!expires_at) return 'active'
  const left = Date.parse(expires_at) - nowMs
  if (left <= 0) return 'expired'
  return left < SOON_MS ? 'expiring' : 'active'
}

export const KEY_TONES = {
  active: 'ok',
  expiring: 'warn',
  expired: 'idle',
  revoked: 'idle',
} as const satisfies Record<KeyState, string>
