/** What a replay is to change, as one fills it in, and how two answers are set side by side. */
import type { FullCall } from '@/api/types'

export interface ReplayForm {
  model: string
  temperature: string
  maxTokens: string
  /** Further parameters, as JSON. */
  more: string
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const shown = (value: unknown) => (typeof value === 'number' ? `${value}` : '')

/** The member that bounds an answer's length: what was sent, or what the endpoint takes. */
export function lengthMember(call: Pick<FullCall, 'path' | 'operation' | 'request'>): string {
  const request = isObject(call.request) ? call.request : {}
  const names = ['max_completion_tokens', 'max_output_tokens', 'max_tokens']
  const sent = names.find((name) => name in request)
  if (sent) return sent
  return call.operation === 'responses' ? 'max_output_tokens' : 'max_tokens'
}

/** The form as it begins: all as it was recorded. */
export function formOf(call: FullCall): ReplayForm {
  const request = isObject(call.request) ? call.request : {}
  return {
    model: call.model,
    temperature: shown(request.temperature),
    maxTokens: shown(request[lengthMember(call)]),
    more: '',
  }
}

/** What is sent: only what differs from the record; `null` where the further parameters are no JSON. */
export function replayBody(
  call: FullCall,
  form: ReplayForm,
): { model: string | null; parameters: Json } | null {
  const recorded = formOf(call)
  let parameters: Json = {}
  if (form.more.trim()) {
    try {
      const more: unknown = JSON.parse(form.more)
      if (!isObject(more)) return null
      parameters = { ...more }
    } catch {
      return null
    }
  }
  const put = (name: string, before: string, now: string) => {
    const text = now.trim()
    if (text === before) return
    parameters[name] = text === '' ? null : Number(text)
  }
  put('temperature', recorded.temperature, form.temperature)
  put(lengthMember(call), recorded.maxTokens, form.maxTokens)
  return { model: form.model === recorded.model ? null : form.model, parameters }
}

/** A stretch of a text: in both, or in this one alone. */
export interface Stretch {
  text: string
  same: boolean
}

/** Longer answers are shown without marks: comparing takes time with the product of their words. */
const MOST_WORDS = 1200

/** Two texts in stretches of words that both have and that only one has. */
export function wordsApart(before: string, after: string): [Stretch[], Stretch[]] {
  // Chinese has no blanks between words: there each character stands for itself.
  const split = (text: string) => text.match(/\s+|[\u3400-\u9fff]|[^\s\u3400-\u9fff]+/g) ?? []
  const [left, right] = [split(before), split(after)]
  if (left.length > MOST_WORDS || right.length > MOST_WORDS) {
    return [[{ text: before, same: true }], [{ text: after, same: true }]]
  }
  const width = right.length + 1
  const common = new Uint16Array((left.length + 1) * width)
  const at = (row: number, column: number) => common[row * width + column] ?? 0
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      common[row * width + column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const found: [Stretch[], Stretch[]] = [[], []]
  const add = (side: 0 | 1, text: string, same: boolean) => {
    const last = found[side].at(-1)
    if (last?.same === same) last.text += text
    else found[side].push({ text, same })
  }
  let [row, column] = [0, 0]
  while (row < left.length || column < right.length) {
    const [one, other] = [left[row], right[column]]
    if (one !== undefined && one === other) {
      add(0, one, true)
      add(1, one, true)
      row++
      column++
    } else if (
      other === undefined ||
      (one !== undefined && at(row + 1, column) >= at(row, column + 1))
    ) {
      add(0, one ?? '', false)
      row++
    } else {
      add(1, other, false)
      column++
    }
  }
  return found
}
