/** What the address of the page of changes carries. */
import type { ChangeState } from '@/api/oversight'

export const CHANGE_PANES = ['changes', 'rules'] as const

export type ChangesPane = (typeof CHANGE_PANES)[number]

export const CHANGE_STATES: readonly ChangeState[] = [
  'pending',
  'approved',
  'executed',
  'failed',
  'rejected',
  'withdrawn',
  'expired',
]

export interface ChangesSearch {
  pane?: ChangesPane | undefined
  /** What waits is shown unless another state, or any, is asked for. */
  standing?: ChangeState | 'any' | undefined
  /** The change whose details are open. */
  open?: string | undefined
}

export function changesSearch(search: Record<string, unknown>): ChangesSearch {
  return {
    pane: CHANGE_PANES.find((pane) => pane === search.pane),
    standing: [...CHANGE_STATES, 'any' as const].find((state) => state === search.standing),
    open: typeof search.open === 'string' && search.open ? search.open : undefined,
  }
}
