/** What a model's card says, in the words and figures of a reader. */
import type { Price, Specification } from '@/api/types'
import { count, size } from '@/format/number'

/** `135 M`, `7.2 B`: how many parameters, as everybody names models by. */
export function parameters(value: number, language: string): string {
  const [size, unit] =
    value >= 1e12 ? [value / 1e12, 'T'] : value >= 1e9 ? [value / 1e9, 'B'] : [value / 1e6, 'M']
  const figure = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(size)
  return `${figure} ${unit}`
}

/** The machine that a version wants: `2 × H100 (80 GiB)`, `16 GiB`. */
export function hardware(wanted: NonNullable<Specification['hardware']>, language: string): string {
  const number = (value: number) => new Intl.NumberFormat(language).format(value)
  const accelerator = [
    wanted.accelerators ? `${number(wanted.accelerators)} × ${wanted.accelerator ?? 'GPU'}` : '',
    wanted.accelerator_memory_gib ? `(${number(wanted.accelerator_memory_gib)} GiB)` : '',
  ]
  return [
    accelerator.filter(Boolean).join(' '),
    wanted.cpus ? `${number(wanted.cpus)} CPU` : '',
    wanted.memory_gib ? `${number(wanted.memory_gib)} GiB` : '',
  ]
    .filter(Boolean)
    .join(', ')
}

/** How large all files are together; `null` unless each tells its size. */
export function weightsBytes(files: NonNullable<Specification['artifacts']>): number | null {
  const sizes = files.flatMap(({ bytes }) => (typeof bytes === 'number' ? [bytes] : []))
  if (sizes.length === 0 || sizes.length < files.length) return null
  return sizes.reduce((sum, one) => sum + one, 0)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One property of a comparison as text; `null` where the card says nothing. */
export function propertyText(name: string, value: unknown, language: string): string | null {
  if (value === null || value === undefined || value === '') return null
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : null
  if (isRecord(value)) return hardware(value, language) || null
  if (typeof value === 'number') {
    if (name.endsWith('bytes')) return size(value, language)
    return name.endsWith('parameters') ? parameters(value, language) : count(value, language)
  }
  return String(value)
}

export const TOKEN_KINDS = [
  'input',
  'output',
  'cached_input',
  'cache_write',
  'reasoning',
  'audio_input',
  'audio_output',
] as const

export const UNITS = ['image', 'characters', 'second', 'search', 'call'] as const

export type PricedThing = (typeof TOKEN_KINDS)[number] | (typeof UNITS)[number]

/** What costs something, and how much, in billionths; tokens and characters by the million. */
export function pricesOf(price: Price): [PricedThing, number][] {
  const tokens = TOKEN_KINDS.flatMap((kind): [PricedThing, number][] => {
    const nanos = price[kind]
    const said = nanos !== null && nanos !== undefined
    return said && (nanos > 0 || (!price.units && (kind === 'input' || kind === 'output')))
      ? [[kind, nanos]]
      : []
  })
  const units = UNITS.flatMap((unit): [PricedThing, number][] => {
    const nanos = price.units?.[unit] ?? 0
    return nanos > 0 ? [[unit, nanos]] : []
  })
  return [...tokens, ...units]
}

/** What so many tokens cost at the dearer rate, as the rules reckon; `null` where unpriced. */
export function expectedCost(tokens: number | null, price: Price | null): number | null {
  if (tokens === null || price === null) return null
  const dearest = Math.max(price.input ?? 0, price.output ?? 0, price.reasoning ?? 0)
  return Math.floor((dearest * tokens) / 1_000_000)
}
