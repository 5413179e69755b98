/** What the address of the requests page carries: the range, the filters, and what is open. */
import { type RangeSearch, rangeSearch } from '@/format/range'

export const DETAIL_TABS = ['messages', 'decision', 'trace', 'raw'] as const

export type DetailTab = (typeof DETAIL_TABS)[number]

/** The filters that control applies to call records. */
export interface CallFilters {
  text?: string | undefined
  model?: string | undefined
  failed?: boolean | undefined
  key?: string | undefined
  session?: string | undefined
  user?: string | undefined
  trace?: string | undefined
  /** Only calls that took at least so long, in milliseconds. */
  slow?: number | undefined
}

export interface RequestsSearch extends RangeSearch, CallFilters {
  /** Records hold figures of every call; calls hold what the project keeps of them. */
  show?: 'calls' | 'records' | undefined
  live?: true | undefined
  /** The request whose details are open. */
  request?: string | undefined
  tab?: DetailTab | undefined
}

const text = (value: unknown) =>
  typeof value === 'string' && value ? value : typeof value === 'number' ? `${value}` : undefined

export function requestsSearch(search: Record<string, unknown>): RequestsSearch {
  const slow = Number(search.slow)
  return {
    ...rangeSearch(search),
    text: text(search.text),
    model: text(search.model),
    failed: typeof search.failed === 'boolean' ? search.failed : undefined,
    key: text(search.key),
    session: text(search.session),
    user: text(search.user),
    trace: text(search.trace),
    slow: slow > 0 && Number.isFinite(slow) ? slow : undefined,
    show: search.show === 'calls' || search.show === 'records' ? search.show : undefined,
    live: search.live === true ? true : undefined,
    request: text(search.request),
    tab: DETAIL_TABS.find((tab) => tab === search.tab),
  }
}

export const FILTERS = [
  'text',
  'model',
  'failed',
  'key',
  'session',
  'user',
  'trace',
  'slow',
] as const satisfies readonly (keyof CallFilters)[]

/** How many filters are set. */
export function filterCount(search: CallFilters): number {
  return FILTERS.filter((name) => search[name] !== undefined).length
}
