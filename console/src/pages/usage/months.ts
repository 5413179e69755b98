/** Months by UTC, as reports are made of them: `2026-10`. */

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

export const isMonth = (text: unknown): text is string =>
  typeof text === 'string' && MONTH.test(text)

/** The month that is `back` months before that of `nowMs`. */
export function monthOf(nowMs: number, back = 0): string {
  const at = new Date(nowMs)
  const begin = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - back))
  return begin.toISOString().slice(0, 7)
}

/** The newest months, the present one first. */
export const monthsOf = (nowMs: number, most: number): string[] =>
  Array.from({ length: most }, (_, back) => monthOf(nowMs, back))

/** From when until when a month is; the end is exclusive. */
export function spanOfMonth(month: string): { since: string; until: string } {
  const since = new Date(`${month}-01T00:00:00Z`)
  const until = new Date(Date.UTC(since.getUTCFullYear(), since.getUTCMonth() + 1))
  return { since: since.toISOString(), until: until.toISOString() }
}

/** `October 2026`. */
export const monthName = (month: string, language: string) =>
  new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  )
