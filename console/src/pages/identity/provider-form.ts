/** An identity provider as a form holds it, and as the API takes it. */
import type { IdentityProvider, NewIdentityProvider } from '@/api/types'

export interface RuleRow {
  /** Tells the rows of the form apart; it is not sent. */
  row: number
  group: string
  role: string
  /** Empty: where the provider itself belongs. */
  orgId: string
}

export interface ProviderForm {
  name: string
  displayName: string
  issuer: string
  clientId: string
  secret: string
  scopes: string
  domains: string
  groupsClaim: string
  sessionHours: number
  createsAccounts: boolean
  linksByEmail: boolean
  enabled: boolean
  rules: RuleRow[]
}

export const words = (text: string): string[] => [
  ...new Set(text.split(/[\s,，]+/).filter(Boolean)),
]

export function formOf(provider: IdentityProvider | null): ProviderForm {
  return {
    name: provider?.name ?? '',
    displayName: provider?.display_name ?? '',
    issuer: provider?.issuer ?? '',
    clientId: provider?.client_id ?? '',
    secret: '',
    scopes: (provider?.scopes ?? ['openid', 'profile', 'email']).join(' '),
    domains: provider?.allowed_domains.join(', ') ?? '',
    groupsClaim: provider?.groups_claim ?? 'groups',
    sessionHours: provider?.session_hours ?? 12,
    createsAccounts: provider?.creates_accounts ?? true,
    linksByEmail: provider?.links_by_email ?? false,
    enabled: provider?.enabled ?? true,
    rules:
      provider?.rules.map(({ group, role, org_id }, row) => ({
        row,
        group: group ?? '',
        role,
        // The organisation's own provider has no other place, and says it of itself.
        orgId: org_id && org_id !== provider.org_id ? org_id : '',
      })) ?? [],
  }
}

/** What a change sends: a secret only if one was entered, for the one there is cannot be read. */
export function changeOf(form: ProviderForm) {
  return {
    ...(form.displayName.trim() ? { display_name: form.displayName.trim() } : {}),
    client_id: form.clientId.trim(),
    ...(form.secret ? { client_secret: form.secret } : {}),
    scopes: words(form.scopes),
    allowed_domains: words(form.domains),
    groups_claim: form.groupsClaim.trim(),
    session_hours: form.sessionHours,
    creates_accounts: form.createsAccounts,
    links_by_email: form.linksByEmail,
    enabled: form.enabled,
    rules: form.rules.map(({ group, role, orgId }) => ({
      role,
      group: group.trim() || null,
      ...(orgId ? { org_id: orgId } : {}),
    })),
  }
}

export const creationOf = (form: ProviderForm): NewIdentityProvider => ({
  ...changeOf(form),
  name: form.name.trim(),
  issuer: form.issuer.trim(),
})
