/** Where a request for access stands: its steps in order, and who is asked now. */
import type { AccessRequest, AccessStep } from '@/api/types'
import type { Tone } from '@/ui/status'

export type StepStanding = 'agreed' | 'refused' | 'now' | 'later' | 'skipped'

/** How each step stands; the first one that is not agreed to is asked now. */
export function standings({ state, steps }: Pick<AccessRequest, 'state' | 'steps'>): {
  step: AccessStep
  standing: StepStanding
}[] {
  let asked = state !== 'pending'
  return steps.map((step) => {
    if (step.decisions.some(({ agrees }) => !agrees)) return { step, standing: 'refused' }
    if (step.is_agreed) return { step, standing: 'agreed' }
    if (state !== 'pending') return { step, standing: 'skipped' }
    const standing = asked ? 'later' : 'now'
    asked = true
    return { step, standing }
  })
}

/** An approver as rules spell one: `role:finance`, `group:grp_1`, `user:usr_1`. */
export function approverOf(spelt: string): { kind: 'role' | 'group' | 'user'; name: string } {
  const [kind, ...name] = spelt.split(':')
  return {
    kind: kind === 'role' || kind === 'group' ? kind : 'user',
    name: name.join(':') || spelt,
  }
}

export const STATE_TONES: Record<AccessRequest['state'], Tone> = {
  pending: 'warn',
  active: 'ok',
  renewed: 'ok',
  denied: 'bad',
  withdrawn: 'idle',
  lapsed: 'idle',
  ended: 'idle',
  revoked: 'bad',
}

export const STEP_TONES: Record<StepStanding, Tone> = {
  agreed: 'ok',
  refused: 'bad',
  now: 'warn',
  later: 'idle',
  skipped: 'idle',
}
