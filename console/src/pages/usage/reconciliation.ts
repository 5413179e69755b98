/** How far the ledger is from what a gateway counted. */
import type { Agreement, Reconciliation } from '@/api/types'
import type { Tone } from '@/ui/status'

export const AGREEMENT_TONES: Record<Agreement, Tone> = {
  matched: 'ok',
  waiting: 'warn',
  drifted: 'bad',
}

/** What tells one hour of one process from all others. */
export const hourId = ({ gateway_id, epoch, since }: Reconciliation): string =>
  [gateway_id, epoch, since].join('/')

/** What the ledger has more (or, below zero, less) than was counted; `null` before it was compared. */
export function driftOf(
  { counted, booked }: Pick<Reconciliation, 'counted' | 'booked'>,
  what: 'calls' | 'tokens',
): number | null {
  return booked === null ? null : booked[what] - counted[what]
}

/** A drift with its sign, `−3` or `+12`; `0` where there is none. */
export const signed = (drift: number, language: string): string =>
  new Intl.NumberFormat(language, { signDisplay: 'exceptZero' }).format(drift)
