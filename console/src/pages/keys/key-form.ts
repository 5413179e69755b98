/** What may be changed about a key, as a form holds it. */
import type { components } from '@/api/schema'
import type { ApiKey } from '@/api/types'
import { type LimitsForm, formOf as limitsFormOf, limitsOf } from '@/format/limits'
import { localMoment, momentOf } from '@/format/range'
import { SCOPES, type Scope } from '@/format/scopes'

type KeyPatch = components['schemas']['KeyPatch']

export interface KeyForm {
  name: string
  /** As `datetime-local` writes it; empty: never. */
  expires: string
  /** `null`: all models of the project. */
  allowed: string[] | null
  scopes: Scope[]
  limits: LimitsForm
}

type Shown = Pick<ApiKey, 'name' | 'expires_at' | 'models' | 'scopes' | 'limits'>

export function formOf(key: Shown): KeyForm {
  return {
    name: key.name,
    expires: key.expires_at ? localMoment(key.expires_at) : '',
    allowed: key.models,
    scopes: SCOPES.filter((scope) => key.scopes.includes(scope)),
    limits: limitsFormOf(key.limits),
  }
}

/** Only what was changed: a moment that nobody touched keeps its seconds. */
export function changeOf(form: KeyForm, key: Shown): KeyPatch {
  const begun = formOf(key)
  const same = (name: keyof KeyForm) => JSON.stringify(form[name]) === JSON.stringify(begun[name])
  return {
    ...(same('name') ? {} : { name: form.name.trim() }),
    ...(same('expires') ? {} : { expires_at: momentOf(form.expires) ?? null }),
    ...(same('allowed') ? {} : { models: form.allowed }),
    ...(same('scopes') ? {} : { scopes: form.scopes }),
    ...(same('limits') ? {} : { limits: limitsOf(form.limits) }),
  }
}
