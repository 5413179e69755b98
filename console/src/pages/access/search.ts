/** What the address of the page of access requests carries. */

export const ACCESS_VIEWS = ['mine', 'to_decide', 'all', 'grants', 'rules'] as const

export type AccessView = (typeof ACCESS_VIEWS)[number]

/** The views that are lists of requests. */
export type RequestsView = Exclude<AccessView, 'grants' | 'rules'>

export const ACCESS_STATES = [
  'pending',
  'active',
  'renewed',
  'denied',
  'withdrawn',
  'lapsed',
  'ended',
  'revoked',
] as const

export type AccessState = (typeof ACCESS_STATES)[number]

export interface AccessSearch {
  view?: AccessView | undefined
  state?: AccessState | undefined
  /** The request whose details are open. */
  open?: string | undefined
  /** Grants of all organisations. */
  broad?: true | undefined
}

export function accessSearch(search: Record<string, unknown>): AccessSearch {
  return {
    view: ACCESS_VIEWS.find((view) => view === search.view),
    state: ACCESS_STATES.find((state) => state === search.state),
    open: typeof search.open === 'string' && search.open ? search.open : undefined,
    broad: search.broad === true ? true : undefined,
  }
}
