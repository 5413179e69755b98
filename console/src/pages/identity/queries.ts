import { queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { listOf } from '@/api/people'
import type {
  AccountSecret,
  DirectoryToken,
  IdentityProvider,
  ServiceAccount,
  TokenIssuer,
} from '@/api/types'

/** The providers of an organisation, or, without one, the platform's own. */
export const providersQuery = (orgId: string | null) =>
  listOf<IdentityProvider>(['providers', orgId ?? ''], providersPath(orgId))

export const providersPath = (orgId: string | null) =>
  orgId ? `/organizations/${orgId}/identity-providers` : '/identity-providers'

export const directoryTokensQuery = (orgId: string) =>
  queryOptions({
    queryKey: ['directory-tokens', orgId],
    queryFn: ({ signal }) =>
      call<{ items: DirectoryToken[] }>('GET', `/organizations/${orgId}/directory-tokens`, {
        signal,
      }),
  })

/** The service accounts of an organisation: all, or only those whose owner has left. */
export const serviceAccountsQuery = (orgId: string, ownerLeft = false) =>
  listOf<ServiceAccount>(
    ['service-accounts', orgId, ownerLeft],
    `/organizations/${orgId}/service-accounts`,
    ownerLeft ? { owner_left: 'true' } : {},
  )

export const secretsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ['account-secrets', accountId],
    queryFn: ({ signal }) =>
      call<{ items: AccountSecret[] }>('GET', `/service-accounts/${accountId}/secrets`, {
        signal,
      }),
  })

export const issuersQuery = (orgId: string) =>
  listOf<TokenIssuer>(['token-issuers', orgId], `/organizations/${orgId}/token-issuers`)
