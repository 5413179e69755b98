/** What GPU hours cost, as a form holds it. */
import type { components } from '@/api/schema'
import type { GpuPrice } from '@/api/types'
import { localMoment, momentOf } from '@/format/range'

type NewGpuPrice = components['schemas']['NewGpuPrice']
type GpuPricePatch = components['schemas']['GpuPricePatch']

export const SHARED_BY = ['tokens', 'busy_seconds'] as const satisfies GpuPrice['shared_by'][]

const NANOS = 1e9

export interface GpuPriceForm {
  name: string
  upstreamId: string
  /** Empty: all models of the upstream. */
  upstreamModel: string
  gpus: number
  /** Of one GPU, in the currency itself. */
  hourly: number
  currency: string
  sharedBy: GpuPrice['shared_by']
  /** As `datetime-local` writes them, in the reader's zone; without an end: for good. */
  from: string
  until: string
}

/** What a form begins with: a price, or a new one from the present hour on. */
export function formOf(price: GpuPrice | null, nowMs: number): GpuPriceForm {
  const hour = new Date(Math.floor(nowMs / 3_600_000) * 3_600_000).toISOString()
  return {
    name: price?.name ?? '',
    upstreamId: price?.upstream_id ?? '',
    upstreamModel: price?.upstream_model ?? '',
    gpus: price?.gpus ?? 1,
    hourly: price ? price.hourly_nanos / NANOS : Number.NaN,
    currency: price?.currency ?? 'USD',
    sharedBy: price?.shared_by ?? 'tokens',
    from: localMoment(price?.valid_from ?? hour),
    until: price?.valid_until ? localMoment(price.valid_until) : '',
  }
}

/** Whether the end is not after the beginning. */
export function endsTooEarly({ from, until }: Pick<GpuPriceForm, 'from' | 'until'>): boolean {
  return until !== '' && until <= from
}

const nanosOf = ({ hourly }: GpuPriceForm) => Math.round(hourly * NANOS)

export function creationOf(form: GpuPriceForm): NewGpuPrice {
  return {
    name: form.name.trim(),
    upstream_id: form.upstreamId,
    upstream_model: form.upstreamModel.trim() || null,
    gpus: form.gpus,
    hourly_nanos: nanosOf(form),
    currency: form.currency.trim().toUpperCase(),
    shared_by: form.sharedBy,
    valid_from: momentOf(form.from) ?? '',
    valid_until: momentOf(form.until) ?? null,
  }
}

/** Only what was changed: a moment that nobody touched keeps its seconds. */
export function changeOf(form: GpuPriceForm, price: GpuPrice): GpuPricePatch {
  const before = formOf(price, 0)
  return {
    ...(form.name.trim() === price.name ? {} : { name: form.name.trim() }),
    ...(form.gpus === price.gpus ? {} : { gpus: form.gpus }),
    ...(nanosOf(form) === price.hourly_nanos ? {} : { hourly_nanos: nanosOf(form) }),
    ...(form.sharedBy === price.shared_by ? {} : { shared_by: form.sharedBy }),
    ...(form.from === before.from ? {} : { valid_from: momentOf(form.from) ?? price.valid_from }),
    ...(form.until === before.until ? {} : { valid_until: momentOf(form.until) ?? null }),
  }
}

export type PriceStanding = 'planned' | 'holds' | 'over'

/** How a price stands at `nowMs`. */
export function standingOf(
  { valid_from, valid_until }: Pick<GpuPrice, 'valid_from' | 'valid_until'>,
  nowMs: number,
): PriceStanding {
  if (nowMs < Date.parse(valid_from)) return 'planned'
  return valid_until !== null && Date.parse(valid_until) <= nowMs ? 'over' : 'holds'
}
