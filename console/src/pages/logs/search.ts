import { type RangeSearch, rangeSearch } from '@/format/range'

export const LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const

export type Level = (typeof LEVELS)[number]

export interface LogFilters {
  request?: string | undefined
  trace?: string | undefined
  source?: string | undefined
  text?: string | undefined
  /** The least level. */
  level?: Level | undefined
}

export interface LogSearch extends RangeSearch, LogFilters {}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

export function logSearch(search: Record<string, unknown>): LogSearch {
  return {
    ...rangeSearch(search),
    request: text(search.request),
    trace: text(search.trace),
    source: text(search.source),
    text: text(search.text),
    level: LEVELS.find((level) => level === search.level),
  }
}

/** The command that finds the same on the machine itself. */
export function asCommand({ request, trace, source, text, level }: LogFilters): string {
  const quoted = (value: string) =>
    /^[\w.:/-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
  const options = Object.entries({ request, trace, source, text, level })
  return [
    'mainspring logs',
    ...options.flatMap(([name, value]) => (value ? [`--${name} ${quoted(value)}`] : [])),
  ].join(' ')
}
