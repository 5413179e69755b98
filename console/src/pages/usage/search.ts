import { type RangeSearch, rangeSearch } from '@/format/range'
import { METRICS, type Metric } from './figures'

export interface UsageSearch extends RangeSearch {
  by?: 'project' | undefined
  metric?: Metric | undefined
}

export function usageSearch(search: Record<string, unknown>): UsageSearch {
  return {
    ...rangeSearch(search),
    by: search.by === 'project' ? 'project' : undefined,
    metric: METRICS.find((metric) => metric === search.metric),
  }
}
