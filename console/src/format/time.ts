/** Times in the reader's own zone, with the zone's name where it matters. */

/** The short name of the reader's zone, `CET` or `GMT+8`. */
export function zoneName(language: string, at: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat(language, { timeZoneName: 'short' }).formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? ''
}

/** Date, time to the second and zone. */
export function fullTime(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(new Date(iso))
}

/** Date only. */
export function dateOf(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(iso))
}

/** Time of day to the second, 24 hours; the date is added when it is not today's. */
export function clockTime(iso: string, language: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const sameDay = at.toDateString() === now.toDateString()
  return new Intl.DateTimeFormat(language, {
    ...(sameDay ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at)
}

/** Time of day to the minute, for the axis of a chart. */
export function minuteTime(ms: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(ms))
}

/**
 * The name of a step of a chart. Days and months are those of UTC; hours, and what is shorter
 * (`null`), are told in the reader's zone.
 */
export function stepLabel(
  ms: number,
  interval: 'hour' | 'day' | 'month' | null,
  language: string,
): string {
  const at = new Date(ms)
  if (interval !== 'day' && interval !== 'month') return clockTime(at.toISOString(), language)
  return new Intl.DateTimeFormat(language, {
    timeZone: 'UTC',
    month: 'short',
    ...(interval === 'day' ? { day: 'numeric' } : { year: 'numeric' }),
  }).format(at)
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
]

/** `3 minutes ago`, `in 2 days`. */
export function relativeTime(iso: string, language: string, nowMs: number = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1000)
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(
    Math.trunc(seconds / size),
    unit,
  )
}

/** How long something has run: `42 s`, `5 min`, `3 h 12 min`, `4 d 2 h`. */
export function uptime(sinceIso: string, language: string, nowMs: number = Date.now()): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(sinceIso)) / 1000))
  const part = (value: number, unit: 'day' | 'hour' | 'minute' | 'second') =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${part(days, 'day')} ${part(hours % 24, 'hour')}`
  if (hours > 0) return `${part(hours, 'hour')} ${part(minutes % 60, 'minute')}`
  return minutes > 0 ? part(minutes, 'minute') : part(seconds, 'second')
}

/** A length of time in its largest whole unit: `3 days`, `6 hours`, `5 minutes`. */
export function spanOf(seconds: number, language: string): string {
  const [unit, size] = STEPS.find(([, size]) => seconds >= size && seconds % size === 0) ?? [
    'second',
    1,
  ]
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: unit as string,
    unitDisplay: 'long',
  }).format(seconds / size)
}
