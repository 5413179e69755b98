/** A policy as a form holds it, and as the API takes it. */
import type { CacheRule, CaptureRule, ParameterRule, Policy } from '@/api/types'

export interface RuleRow {
  /** Tells the rows of the form apart; it is not sent. */
  row: number
  name: string
  /** JSON, or plain text, which stands for itself. */
  preset: string
  forced: string
  min: string
  max: string
  values: string
  beyond: 'clamp' | 'refuse'
  deny: '' | 'drop' | 'refuse'
  /** Kept as it is: the form does not show it. */
  tasks: NonNullable<ParameterRule['tasks']>
}

export type Level = 'platform' | 'organization' | 'project' | 'key'

export interface PolicyForm {
  name: string
  level: Level
  keyId: string
  models: string
  enabled: boolean
  locked: boolean
  rules: RuleRow[]
  /** Empty: it says nothing of the cache. */
  cacheMode: '' | NonNullable<CacheRule['mode']>
  cacheTtl: number
  /** What the form does not show of the cache is kept. */
  cache: CacheRule | null
  /** Empty: it says nothing of what is kept of calls. */
  captureLevel: '' | NonNullable<CaptureRule['level']>
  /** Of the calls, in per cent. */
  capturePercent: number
}

/** `0.7`, `true`, `[1]` are JSON; anything else is the text that it is; nothing is nothing. */
export function meantBy(text: string): unknown {
  const typed = text.trim()
  if (typed === '') return null
  try {
    return JSON.parse(typed) as unknown
  } catch {
    return typed
  }
}

/** A value as one types it; a text that would be read as something else keeps its quotes. */
export function typedOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return meantBy(value) === value ? value : JSON.stringify(value)
}

type Listed = NonNullable<ParameterRule['values']>

/** Values with commas in between. */
export function valuesOf(text: string): Listed | null {
  const found = text
    .split(/[,，]/)
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => meantBy(one) as Listed[number])
  return found.length > 0 ? found : null
}

export const emptyRule = (row: number): RuleRow => ({
  row,
  name: '',
  preset: '',
  forced: '',
  min: '',
  max: '',
  values: '',
  beyond: 'clamp',
  deny: '',
  tasks: [],
})

export const levelOf = (policy: Pick<Policy, 'org_id' | 'project_id' | 'key_id'>): Level =>
  policy.key_id
    ? 'key'
    : policy.project_id
      ? 'project'
      : policy.org_id
        ? 'organization'
        : 'platform'

const HOUR_S = 3_600

export function formOf(policy: Policy | null): PolicyForm {
  return {
    name: policy?.name ?? '',
    level: policy ? levelOf(policy) : 'project',
    keyId: policy?.key_id ?? '',
    models: policy?.models.join(', ') ?? '',
    enabled: policy?.enabled ?? true,
    locked: policy?.locked ?? false,
    rules:
      policy?.parameters.map((rule, row) => ({
        row,
        name: rule.name,
        preset: typedOf(rule.default),
        forced: typedOf(rule.force),
        min: typedOf(rule.min),
        max: typedOf(rule.max),
        values: (rule.values ?? []).map(typedOf).join(', '),
        beyond: rule.beyond ?? 'clamp',
        deny: rule.deny ?? '',
        tasks: rule.tasks ?? [],
      })) ?? [],
    cacheMode: policy?.cache ? (policy.cache.mode ?? 'exact') : '',
    cacheTtl: policy?.cache?.ttl_s ?? HOUR_S,
    cache: policy?.cache ?? null,
    captureLevel: policy?.capture ? (policy.capture.level ?? 'full') : '',
    capturePercent: Math.round((policy?.capture?.sample ?? 1) * 1e6) / 1e4,
  }
}

const bound = (text: string) => (text.trim() === '' ? null : Number(text))

/** What is said, wherever the policy is attached. A denied parameter has no other rule. */
export function contentOf(form: PolicyForm) {
  return {
    name: form.name.trim(),
    models: form.models
      .split(/[\s,，]+/)
      .map((one) => one.trim())
      .filter(Boolean),
    enabled: form.enabled,
    parameters: form.rules.map(
      (rule): ParameterRule =>
        rule.deny
          ? { name: rule.name.trim(), deny: rule.deny, tasks: rule.tasks }
          : {
              name: rule.name.trim(),
              default: meantBy(rule.preset) as NonNullable<ParameterRule['default']>,
              force: meantBy(rule.forced) as NonNullable<ParameterRule['force']>,
              min: bound(rule.min),
              max: bound(rule.max),
              values: valuesOf(rule.values),
              beyond: rule.beyond,
              tasks: rule.tasks,
            },
    ),
    cache: form.cacheMode ? { ...form.cache, mode: form.cacheMode, ttl_s: form.cacheTtl } : null,
    capture: form.captureLevel
      ? { level: form.captureLevel, sample: form.capturePercent / 100 }
      : null,
  }
}

/** Where a policy is attached: to the innermost of these. */
export function attachmentOf(form: PolicyForm, orgId: string, projectId: string) {
  switch (form.level) {
    case 'platform':
      return {}
    case 'organization':
      return { org_id: orgId }
    case 'project':
      return { org_id: orgId, project_id: projectId }
    case 'key':
      return { org_id: orgId, project_id: projectId, key_id: form.keyId }
  }
}
