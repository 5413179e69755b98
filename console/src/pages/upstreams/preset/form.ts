/** What is filled in of a vendor's preset, and what the API is sent of it. */
import type { InBothLanguages, Preset, UpstreamDraft } from '@/api/types'
import { isLanguage } from '@/i18n'

export interface PresetForm {
  name: string
  endpoint: string
  values: Record<string, string>
  credential: string
}

/** The words of `text` in the reader's language. */
export const spoken = (text: InBothLanguages, language: string): string =>
  text[isLanguage(language) ? language : 'en']

export function startOf(preset: Preset): PresetForm {
  return {
    name: preset.id,
    endpoint: preset.endpoints[0]?.name ?? '',
    values: Object.fromEntries(preset.variables.map((one) => [one.name, one.default ?? ''])),
    credential: '',
  }
}

/** The address as far as it is known, with what is still missing as `{name}`. */
export function addressOf(preset: Preset, form: PresetForm): string {
  const chosen = preset.endpoints.find(({ name }) => name === form.endpoint) ?? preset.endpoints[0]
  return (chosen?.base_url ?? '').replace(
    /\{(\w+)\}/g,
    (missing, name: string) => form.values[name]?.trim() || missing,
  )
}

/** Whether everything that the preset needs is there. */
export function isComplete(preset: Preset, form: PresetForm): boolean {
  return (
    preset.variables.every(({ name }) => form.values[name]?.trim()) &&
    (!preset.credential_required || form.credential !== '')
  )
}

export const draftBody = (form: PresetForm) => ({
  endpoint: form.endpoint || null,
  values: Object.fromEntries(
    Object.entries(form.values).map(([name, value]) => [name, value.trim()]),
  ),
})

/** `callModel` is the model of the smallest call that the test makes; empty: it makes none. */
export const testBody = (draft: UpstreamDraft, form: PresetForm, callModel: string) => ({
  base_url: draft.base_url,
  protocol: draft.protocol,
  credential_header: draft.credential_header,
  sigv4_region: draft.sigv4_region,
  credential: form.credential || null,
  call_model: callModel.trim() || null,
})

export const createBody = (form: PresetForm) => ({
  ...draftBody(form),
  name: form.name.trim(),
  credential: form.credential || null,
})

/** What a model of that name most likely does; a start that one can change. */
export function likelyTask(model: string): 'chat' | 'embedding' | 'rerank' {
  if (/rerank/i.test(model)) return 'rerank'
  return /embed|(^|[^a-z])(bge|gte|e5)([^a-z]|$)/i.test(model) ? 'embedding' : 'chat'
}
