/** A model as a form holds it: what it is also called, what it costs, how its calls are led. */
import type { components } from '@/api/schema'
import type { Limits, Model, Price } from '@/api/types'
import { type LimitsForm, formOf as limitsFormOf, limitsOf } from '@/format/limits'

type NewModel = components['schemas']['NewModel']
type ModelPatch = components['schemas']['ModelPatch']
export type Task = NonNullable<NewModel['tasks']>[number]
export type Strategy = NonNullable<Model['routing']['strategy']>

export const TASKS = [
  'chat',
  'completion',
  'embedding',
  'rerank',
  'moderation',
  'image',
  'speech',
  'transcription',
  'realtime',
] as const satisfies Task[]

export const STRATEGIES = [
  'weighted',
  'priority',
  'least_busy',
  'latency',
  'cost',
  'sticky',
] as const satisfies Strategy[]

const NANOS = 1e9

export interface ModelForm {
  aliases: string
  fallbacks: string
  contextLength: string
  strategy: Strategy
  hedgeAfterMs: string
  clientHints: boolean
  priced: boolean
  /** Of a million tokens, in the currency itself. */
  input: string
  output: string
  /** Empty: as dear as others. */
  cachedInput: string
  currency: string
  limits: LimitsForm
}

const major = (nanos: number | null | undefined) =>
  nanos === null || nanos === undefined ? '' : String(nanos / NANOS)

export function formOf(model: Model | null): ModelForm {
  const price = model?.price ?? null
  return {
    aliases: model?.aliases.join(', ') ?? '',
    fallbacks: model?.fallbacks.join(', ') ?? '',
    contextLength: model?.context_length ? String(model.context_length) : '',
    strategy: model?.routing.strategy ?? 'weighted',
    hedgeAfterMs: model?.routing.hedge_after_ms ? String(model.routing.hedge_after_ms) : '',
    clientHints: model?.routing.client_hints ?? false,
    priced: price !== null,
    input: major(price?.input ?? 0),
    output: major(price?.output ?? 0),
    cachedInput: major(price?.cached_input),
    currency: price?.currency ?? 'USD',
    limits: limitsFormOf(model?.limits ?? null),
  }
}

/** Names as they are written: separated by commas or spaces, each once. */
export const namesOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,]+/).filter(Boolean)),
]

const nanosOf = (text: string) => Math.round(Number(text) * NANOS)

/** What the form says of the price; what it does not show stays as it was. */
export function priceOf(form: ModelForm, before: Price | null): Price | null {
  if (!form.priced) return null
  return {
    ...before,
    input: nanosOf(form.input),
    output: nanosOf(form.output),
    cached_input: form.cachedInput.trim() === '' ? null : nanosOf(form.cachedInput),
    currency: form.currency.trim().toUpperCase(),
  }
}

const numberOf = (text: string) => (text.trim() === '' ? null : Math.round(Number(text)))

/** Only what was changed: each field may need a second person of its own. */
export function changeOf(form: ModelForm, model: Model): ModelPatch {
  const begun = formOf(model)
  const same = (...names: (keyof ModelForm)[]) =>
    names.every((name) => JSON.stringify(form[name]) === JSON.stringify(begun[name]))
  return {
    ...(same('aliases') ? {} : { aliases: namesOf(form.aliases) }),
    ...(same('fallbacks') ? {} : { fallbacks: namesOf(form.fallbacks) }),
    ...(same('contextLength') ? {} : { context_length: numberOf(form.contextLength) }),
    ...(same('strategy', 'hedgeAfterMs', 'clientHints')
      ? {}
      : {
          routing: {
            ...model.routing,
            strategy: form.strategy,
            hedge_after_ms: numberOf(form.hedgeAfterMs),
            client_hints: form.clientHints,
          },
        }),
    ...(same('priced', 'input', 'output', 'cachedInput', 'currency')
      ? {}
      : { price: priceOf(form, model.price) }),
    ...(same('limits') ? {} : { limits: limitsOf(form.limits) satisfies Limits | null }),
  }
}

/** What a new model is, as it is entered. */
export interface NewModelForm {
  name: string
  tasks: readonly Task[]
  upstreamId: string
  upstreamModel: string
}

export const creationOf = ({ name, tasks, upstreamId, upstreamModel }: NewModelForm): NewModel => ({
  name: name.trim(),
  tasks: [...tasks],
  targets: [{ upstream_id: upstreamId, upstream_model: upstreamModel.trim() || name.trim() }],
})
