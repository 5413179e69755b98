/** How a canary fares beside the stable release, and what is still missing for its next step. */
import type { CanaryDecision, CanaryFigure, Release } from '@/api/types'
import { duration, percent } from '@/format/number'
import type { Tone } from '@/ui/status'

/** A figure of the guard in its own unit: a share, milliseconds, or a score. */
export function figureText(
  measure: string,
  value: number | null | undefined,
  language: string,
): string | null {
  if (value === null || value === undefined) return null
  if (measure === 'errors') return percent(value, language)
  if (measure === 'ttft' || measure === 'duration') return duration(value, language)
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value)
}

/** What a measure may be worse by: a difference of shares or scores, a factor of times. */
export function allowedText({ measure, allowed }: CanaryFigure, language: string): string | null {
  if (allowed === null || allowed === undefined) return null
  if (measure === 'ttft' || measure === 'duration') {
    return `× ${new Intl.NumberFormat(language).format(allowed)}`
  }
  return `± ${figureText(measure, allowed, language)}`
}

export type Standing = 'worse' | 'doubtful' | 'good'

export const standingOf = ({ worse, doubtful }: CanaryFigure): Standing =>
  worse ? 'worse' : doubtful ? 'doubtful' : 'good'

export const STANDING_TONES: Record<Standing, Tone> = { worse: 'bad', doubtful: 'warn', good: 'ok' }

export const VERDICT_TONES: Record<CanaryDecision['verdict'], Tone> = {
  hold: 'idle',
  advance: 'ok',
  promote: 'ok',
  roll_back: 'bad',
}

export interface Missing {
  /** Calls of the canary that the step asks for, and those that it has. */
  calls: number
  of: number
  /** Until the step was held long enough, in milliseconds; 0 once it was. */
  waitMs: number
}

/** What the present step still waits for; `null` where there is none. */
export function missingOf(
  release: Pick<Release, 'plan' | 'step' | 'step_began_at'>,
  latest: Pick<CanaryDecision, 'figures' | 'step'> | undefined,
  nowMs: number,
): Missing | null {
  if (release.step === null) return null
  const step = release.plan.steps?.[release.step]
  if (!step) return null
  const began = release.step_began_at ? Date.parse(release.step_began_at) : nowMs
  const figures = latest?.step === release.step ? latest.figures : []
  return {
    calls: Math.max(0, ...figures.map(({ canary_count }) => canary_count)),
    of: step.min_calls ?? 100,
    waitMs: Math.max(0, began + (step.hold_s ?? 600) * 1_000 - nowMs),
  }
}
