import { describe, expect, it } from 'vitest'
import type { IdentityProvider, TokenIssuer } from '@/api/types'
import { SCOPES, USUAL_SCOPES, withChoice } from '@/format/scopes'
import * as issuers from './issuer-form'
import * as providers from './provider-form'

const PROVIDER: IdentityProvider = {
  id: 'idp_1',
  org_id: null,
  name: 'corporate',
  display_name: 'Example Corp',
  issuer: 'https://login.example.com',
  client_id: 'mainspring',
  has_secret: true,
  scopes: ['openid', 'groups'],
  algorithms: ['RS256'],
  allowed_domains: ['example.com'],
  email_claim: 'email',
  name_claim: 'name',
  groups_claim: 'groups',
  creates_accounts: true,
  links_by_email: false,
  enabled: true,
  session_hours: 12,
  rules: [
    { role: 'security', group: 'security-team', org_id: null },
    { role: 'guest', group: null, org_id: 'org_1' },
  ],
  redirect_uri: 'https://here/redirect',
  logout_uri: 'https://here/logout',
  created_at: '2026-03-01T09:00:00Z',
  updated_at: '2026-03-01T09:00:00Z',
}

describe('the form of a provider', () => {
  it('sends back what it was made of, without the secret that it cannot know', () => {
    const sent = providers.changeOf(providers.formOf(PROVIDER))
    expect(sent).toEqual({
      display_name: 'Example Corp',
      client_id: 'mainspring',
      scopes: ['openid', 'groups'],
      allowed_domains: ['example.com'],
      groups_claim: 'groups',
      session_hours: 12,
      creates_accounts: true,
      links_by_email: false,
      enabled: true,
      rules: [
        { role: 'security', group: 'security-team' },
        { role: 'guest', group: null, org_id: 'org_1' },
      ],
    })
  })

  it('leaves the place of a rule to the organisation’s own provider', () => {
    const own = { ...PROVIDER, org_id: 'org_1' }
    expect(providers.changeOf(providers.formOf(own)).rules).toEqual([
      { role: 'security', group: 'security-team' },
      { role: 'guest', group: null },
    ])
  })

  it('sends a secret that was entered, and reads lists with spaces and commas', () => {
    const form = { ...providers.formOf(null), name: ' a ', issuer: 'https://i', secret: 's' }
    expect(providers.creationOf({ ...form, domains: 'a.com, b.com c.com' })).toMatchObject({
      name: 'a',
      issuer: 'https://i',
      client_secret: 's',
      allowed_domains: ['a.com', 'b.com', 'c.com'],
    })
  })
})

const ISSUER: TokenIssuer = {
  id: 'iss_1',
  org_id: 'org_1',
  name: 'corporate',
  issuer: 'https://login.example.com',
  audience: 'mainspring',
  jwks_uri: null,
  static_keys: false,
  algorithms: ['RS256'],
  user_claim: 'sub',
  groups_claim: 'groups',
  scope_claim: null,
  project_claim: null,
  required: {},
  leeway_s: 30,
  grants: [
    { project_id: 'prj_1', group: 'engineering', scopes: ['chat:write'], models: ['writer'] },
  ],
  key_ids: [],
  keys_fetched_at: null,
  problem: null,
  created_at: '2026-03-01T09:00:00Z',
  updated_at: '2026-03-01T09:00:00Z',
}

describe('the form of an issuer', () => {
  it('gives back its grants whole, with what it does not show', () => {
    expect(issuers.changeOf(issuers.formOf(ISSUER, 'prj_2')).grants).toEqual(ISSUER.grants)
  })

  it('begins with a grant for every bearer in the present project', () => {
    expect(issuers.formOf(null, 'prj_2').grants).toEqual([
      { row: 0, projectId: 'prj_2', group: '', scopes: USUAL_SCOPES, models: null },
    ])
  })
})

describe('a choice', () => {
  it('keeps the order of what can be chosen', () => {
    expect(withChoice(['models:read'], 'model:call', true, SCOPES)).toEqual(USUAL_SCOPES)
    expect(withChoice(USUAL_SCOPES, 'model:call', false, SCOPES)).toEqual(['models:read'])
  })
})
