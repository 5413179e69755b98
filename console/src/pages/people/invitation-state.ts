import type { Invitation } from '@/api/types'

export type InvitationState = 'open' | 'accepted' | 'expired' | 'withdrawn'

/** What has become of an invitation at `nowMs`. */
export function invitationState(
  { accepted_at, revoked_at, expires_at }: Invitation,
  nowMs: number,
): InvitationState {
  if (accepted_at) return 'accepted'
  if (revoked_at) return 'withdrawn'
  return Date.parse(expires_at) <= nowMs ? 'expired' : 'open'
}
