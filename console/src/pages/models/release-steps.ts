import type { Release } from '@/api/types'

export type ReleaseStep =
  | 'verify'
  | 'deploy'
  | 'canary'
  | 'advance'
  | 'promote'
  | 'deprecate'
  | 'offline'

/** The steps that control takes from each state; any other is refused as out of order. */
const STEPS: Record<Release['state'], readonly ReleaseStep[]> = {
  registered: ['verify'],
  verified: ['deploy'],
  deployed: ['canary', 'promote'],
  canary: ['advance', 'promote'],
  stable: ['deprecate'],
  deprecated: ['offline'],
  superseded: [],
  rolled_back: ['deploy'],
  offline: [],
}

export function stepsOf(state: Release['state']): readonly ReleaseStep[] {
  return STEPS[state]
}
