/** A token issuer as a form holds it, and as the API takes it. */
import type { NewTokenIssuer, TokenIssuer } from '@/api/types'
import { SCOPES, type Scope, USUAL_SCOPES } from '@/format/scopes'

export interface GrantRow {
  /** Tells the rows of the form apart; it is not sent. */
  row: number
  projectId: string
  group: string
  scopes: Scope[]
  /** Kept as it is: the form does not show it. */
  models: string[] | null
}

export interface IssuerForm {
  name: string
  issuer: string
  audience: string
  jwksUri: string
  userClaim: string
  groupsClaim: string
  scopeClaim: string
  projectClaim: string
  grants: GrantRow[]
}

export function formOf(issuer: TokenIssuer | null, projectId: string): IssuerForm {
  return {
    name: issuer?.name ?? '',
    issuer: issuer?.issuer ?? '',
    audience: issuer?.audience ?? '',
    jwksUri: issuer?.jwks_uri ?? '',
    userClaim: issuer?.user_claim ?? 'sub',
    groupsClaim: issuer?.groups_claim ?? 'groups',
    scopeClaim: issuer?.scope_claim ?? '',
    projectClaim: issuer?.project_claim ?? '',
    grants: issuer
      ? issuer.grants.map((grant, row) => ({
          row,
          projectId: grant.project_id,
          group: grant.group ?? '',
          scopes: SCOPES.filter((scope) => (grant.scopes ?? USUAL_SCOPES).includes(scope)),
          models: grant.models ?? null,
        }))
      : [{ row: 0, projectId, group: '', scopes: USUAL_SCOPES, models: null }],
  }
}

export const changeOf = (form: IssuerForm) => ({
  audience: form.audience.trim(),
  jwks_uri: form.jwksUri.trim() || null,
  user_claim: form.userClaim.trim(),
  groups_claim: form.groupsClaim.trim(),
  scope_claim: form.scopeClaim.trim() || null,
  project_claim: form.projectClaim.trim() || null,
  grants: form.grants.map(({ projectId, group, scopes, models }) => ({
    project_id: projectId,
    group: group.trim() || null,
    scopes,
    models,
  })),
})

export const creationOf = (form: IssuerForm): NewTokenIssuer => ({
  ...changeOf(form),
  name: form.name.trim(),
  issuer: form.issuer.trim(),
})
