import { queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { listOf } from '@/api/people'
import type { EffectivePolicy, Policy } from '@/api/types'

/** What concerns an organisation: its own policies, and those that hold for everybody. */
export const policiesQuery = (orgId: string) =>
  listOf<Policy>(['policies', orgId], '/policies', { org_id: orgId })

export interface Whose {
  project: string
  key: string | undefined
  model: string | undefined
}

export const effectiveQuery = (whose: Whose) =>
  queryOptions({
    queryKey: ['effective-policy', whose],
    queryFn: ({ signal }) =>
      call<EffectivePolicy>('GET', '/policies/effective', { signal, query: { ...whose } }),
  })
