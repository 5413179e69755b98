/** Which alerts matchers mean, as control decides it: this only shows beforehand what it will do. */
import type { Alert, Matcher, Silence } from '@/api/types'
import type { Tone } from '@/ui/status'
import { SEVERITIES, type Severity } from './search'

export const SEVERITY_TONES: Record<Severity, Tone> = {
  critical: 'bad',
  warning: 'warn',
  info: 'idle',
}

const WORST: readonly Severity[] = SEVERITIES

/** Alerts as one looks at them: the worst first, of equal ones the newest. */
export const worstFirst = (alerts: readonly Alert[]): Alert[] =>
  alerts.toSorted(
    (a, b) =>
      WORST.indexOf(a.severity) - WORST.indexOf(b.severity) ||
      Date.parse(b.started_at) - Date.parse(a.started_at),
  )

/** What matchers go by: an alert's labels, its name, severity and source. */
export function labelsOf({ labels, name, severity, source }: Alert): Record<string, string> {
  return { ...labels, alertname: name, severity, source }
}

/** Whether `text` is `pattern`, in which `*` stands for any text. */
export function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return text === pattern
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}

/** Whether all matchers hold of an alert; a label that it lacks is an empty text. */
export function allMeet(matchers: readonly Matcher[], alert: Alert): boolean {
  const labels = labelsOf(alert)
  return matchers.every(
    ({ label, value, negated }) => fits(value, labels[label] ?? '') !== (negated ?? false),
  )
}

export type SilenceState = 'active' | 'planned' | 'over'

export function silenceState(
  { starts_at, until }: Pick<Silence, 'starts_at' | 'until'>,
  nowMs: number,
): SilenceState {
  if (nowMs >= Date.parse(until)) return 'over'
  return nowMs < Date.parse(starts_at) ? 'planned' : 'active'
}

/** The silence that keeps an alert quiet at `nowMs`, if one does. */
export function silencedBy(
  alert: Alert,
  silences: readonly Silence[],
  nowMs: number,
): Silence | undefined {
  return silences.find(
    (one) => silenceState(one, nowMs) === 'active' && allMeet(one.matchers, alert),
  )
}

/** A matcher as people write it, `severity!=critical`. */
export const written = ({ label, value, negated }: Matcher) =>
  `${label}${negated ? '!=' : '='}${value}`

/** A row of the form; `row` tells rows apart and is not sent. */
export interface MatcherRow {
  row: number
  label: string
  value: string
  negated: boolean
}

export const rowsOf = (matchers: readonly Matcher[]): MatcherRow[] =>
  matchers.map(({ label, value, negated }, row) => ({ row, label, value, negated: !!negated }))

/** The matchers that the rows say; rows without a label say nothing. */
export const matchersOf = (rows: readonly MatcherRow[]): Matcher[] =>
  rows
    .filter(({ label }) => label.trim())
    .map(({ label, value, negated }) => ({ label: label.trim(), value: value.trim(), negated }))

/** Whether these would silence nearly everything, which control refuses. */
export const isTooWide = (matchers: readonly Matcher[]) =>
  matchers.every(({ value, negated }) => negated || value.replaceAll('*', '') === '')

/** What an alert says in the reader's language; without a Chinese text, in English. */
export function summaryIn({ summary, summary_zh }: Alert, language: string): string {
  return language.startsWith('zh') && summary_zh ? summary_zh : summary
}
