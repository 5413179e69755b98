/** Tools and schemas as they are typed, and as a request takes them. */
import type { TokenUsage } from '@/api/chat'
import type { Price } from '@/api/types'
import type { ChatSettings } from './use-chat'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

export interface Extras {
  /** Fields of the request's body; what is not right is left out. */
  body: Record<string, unknown>
  /** What cannot be sent as it stands. */
  wrong: { tools: boolean; schema: boolean }
}

/** Tools are a list (a single one is taken as such), a schema is an object. */
export function extrasOf({ tools, schema }: Pick<ChatSettings, 'tools' | 'schema'>): Extras {
  const given = tools.trim() ? parsed(tools) : []
  const list = isRecord(given) ? [given] : given
  const shape = schema.trim() ? parsed(schema) : null
  const toolsRight = Array.isArray(list) && list.every(isRecord)
  const schemaRight = shape === null || isRecord(shape)
  return {
    body: {
      ...(toolsRight && list.length > 0 ? { tools: list } : {}),
      ...(schemaRight && shape
        ? {
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'answer', schema: shape, strict: true },
            },
          }
        : {}),
    },
    wrong: { tools: !toolsRight, schema: !schemaRight },
  }
}

/** What an answer costs by the model's price, in billionths; `null` where it cannot be told. */
export function costOf(
  usage: TokenUsage | null | undefined,
  price: Price | null | undefined,
): number | null {
  if (!usage || !price) return null
  const { input, output } = usage
  const nanos = input * (price.input ?? 0) + output * (price.output ?? 0)
  return Math.round(nanos / 1_000_000) + (price.units?.call ?? 0)
}

/** The most models side by side. */
export const MOST_COMPARED = 4

/** The models beside the first one, as the address carries them. */
export const othersOf = (beside: string | undefined): string[] =>
  [...new Set((beside ?? '').split(',').filter(Boolean))].slice(0, MOST_COMPARED - 1)
