/** How an objective stands, in one word, and in which order people want to see them. */
import type { Slo, SloStatus } from '@/api/types'
import type { Tone } from '@/ui/status'

export const STANDINGS = ['critical', 'broken', 'warning', 'kept', 'waiting', 'off'] as const

/** The worst first. */
export type Standing = (typeof STANDINGS)[number]

export const STANDING_TONES: Record<Standing, Tone> = {
  critical: 'bad',
  broken: 'bad',
  warning: 'warn',
  waiting: 'idle',
  kept: 'ok',
  off: 'idle',
}

/** The budget goes too fast now, or is gone, or is being kept to, or nobody called yet. */
export function standingOf(
  { enabled }: Pick<Slo, 'enabled'>,
  status: SloStatus | undefined,
): Standing {
  if (!enabled) return 'off'
  if (!status) return 'waiting'
  const firing = status.burning.filter((one) => one.firing)
  if (firing.some(({ severity }) => severity === 'critical')) return 'critical'
  if (status.budget_left < 0) return 'broken'
  if (firing.length > 0) return 'warning'
  return status.total === 0 ? 'waiting' : 'kept'
}

export interface Objective {
  slo: Slo
  status: SloStatus | undefined
  standing: Standing
}

/** The objectives with the worst first, and those alike by name. */
export function byUrgency(objectives: Objective[]): Objective[] {
  return objectives.toSorted(
    (a, b) =>
      STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
      a.slo.name.localeCompare(b.slo.name),
  )
}

/** The word for all of them together: that of the worst; `kept` where there is none. */
export function worstOf(objectives: Objective[]): Standing {
  const judged = objectives.filter(({ standing }) => standing !== 'off')
  return byUrgency(judged)[0]?.standing ?? 'kept'
}
