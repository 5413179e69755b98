/** What the address of the policies page carries. */

export const POLICY_TABS = ['written', 'effective'] as const

export type PolicyTab = (typeof POLICY_TABS)[number]

export interface PoliciesSearch {
  shows?: PolicyTab | undefined
  /** The policy that is open. */
  policy?: string | undefined
  /** Whose calls the effective policy is shown for: a model's name, a key's id. */
  model?: string | undefined
  key?: string | undefined
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

export function policiesSearch(search: Record<string, unknown>): PoliciesSearch {
  return {
    shows: POLICY_TABS.find((tab) => tab === search.shows),
    policy: text(search.policy),
    model: text(search.model),
    key: text(search.key),
  }
}
