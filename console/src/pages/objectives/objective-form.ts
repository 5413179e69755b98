/** An objective as the form writes it. */
import type { NewSlo, Slo } from '@/api/types'

export const INDICATORS: readonly NewSlo['indicator'][] = [
  'availability',
  'error_rate',
  'latency',
  'time_to_first_token',
]

/** The bounds of the gateway's histograms: only these can be told apart. */
export const THRESHOLDS_MS = [
  50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000,
] as const

export interface ObjectiveForm {
  name: string
  description: string
  indicator: NewSlo['indicator']
  /** In per cent. */
  target: number
  thresholdMs: number
  windowDays: number
  model: string
  operation: string
  minCalls: number
}

export const isTimed = (indicator: NewSlo['indicator']) =>
  indicator === 'latency' || indicator === 'time_to_first_token'

export function formOf(slo: Slo | null): ObjectiveForm {
  return {
    name: slo?.name ?? '',
    description: slo?.description ?? '',
    indicator: slo?.indicator ?? 'availability',
    target: Number(((slo?.target ?? 0.999) * 100).toFixed(5)),
    thresholdMs: slo?.threshold_ms ?? 2_500,
    windowDays: slo?.window_days ?? 30,
    model: slo?.model ?? '',
    operation: slo?.operation ?? '',
    minCalls: slo?.min_calls ?? 10,
  }
}

/** The body that says what the form says; a share of 99.9 per cent is exactly 0.999. */
export function bodyOf(form: ObjectiveForm): Required<Omit<NewSlo, 'enabled'>> {
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    indicator: form.indicator,
    target: Number((form.target / 100).toFixed(7)),
    threshold_ms: isTimed(form.indicator) ? form.thresholdMs : null,
    window_days: form.windowDays,
    model: form.model || null,
    operation: form.operation || null,
    min_calls: form.minCalls,
  }
}
