/**
 * The contents of a call as a conversation, whatever protocol it came by. A shape that is not known
 * becomes its own JSON: nothing that was kept is left out.
 */

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'reasoning'; text: string }
  | { kind: 'tool_call'; name: string; text: string }
  | { kind: 'tool_result'; text: string }
  | { kind: 'media'; text: string }
  | { kind: 'json'; text: string }

export interface Message {
  role: string
  parts: Part[]
  /** Why the model stopped, for an answer. */
  finish: string | null
}

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const pretty = (value: unknown) => JSON.stringify(value, null, 2) ?? ''

const asText = (value: unknown) => (typeof value === 'string' ? value : pretty(value))

/** JSON within a text, as tools are called with, set out to be read. */
function readable(value: unknown): string {
  if (typeof value !== 'string') return pretty(value)
  try {
    return pretty(JSON.parse(value))
  } catch {
    return value
  }
}

function partOf(block: unknown): Part[] {
  if (typeof block === 'string') return block ? [{ kind: 'text', text: block }] : []
  if (!isObject(block)) return [{ kind: 'json', text: pretty(block) }]
  switch (block.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return [{ kind: 'text', text: asText(block.text) }]
    case 'thinking':
    case 'reasoning':
      return [{ kind: 'reasoning', text: asText(block.thinking ?? block.text ?? block.summary) }]
    case 'image_url':
    case 'image':
    case 'input_image':
    case 'input_audio':
    case 'document':
    case 'file':
    case 'input_file':
      return [{ kind: 'media', text: pretty(block) }]
    case 'tool_use':
    case 'function_call':
      return [
        {
          kind: 'tool_call',
          name: asText(block.name),
          text: readable(block.input ?? block.arguments),
        },
      ]
    case 'tool_result':
      return [{ kind: 'tool_result', text: plain(block.content) }]
    case 'function_call_output':
      return [{ kind: 'tool_result', text: readable(block.output) }]
    default:
      return [{ kind: 'json', text: pretty(block) }]
  }
}

function plain(content: unknown): string {
  const parts = partsOf(content)
  return parts.map(({ text }) => text).join('\n')
}

function partsOf(content: unknown): Part[] {
  if (content === null || content === undefined) return []
  return (Array.isArray(content) ? content : [content]).flatMap(partOf)
}

function toolCalls(calls: unknown): Part[] {
  if (!Array.isArray(calls)) return []
  return calls.filter(isObject).map((one) => {
    const called = isObject(one.function) ? one.function : one
    return { kind: 'tool_call', name: asText(called.name), text: readable(called.arguments) }
  })
}

function messageOf(value: unknown): Message {
  if (!isObject(value)) return { role: 'user', parts: partsOf(value), finish: null }
  const role = typeof value.role === 'string' ? value.role : 'user'
  if (value.role === undefined && value.type !== undefined) {
    return {
      role: value.type === 'function_call' ? 'assistant' : 'tool',
      parts: partOf(value),
      finish: null,
    }
  }
  const content = partsOf(value.content)
  const parts =
    role === 'tool'
      ? content.map((part): Part => ({ kind: 'tool_result', text: part.text }))
      : content
  return { role, parts: [...parts, ...toolCalls(value.tool_calls)], finish: null }
}

/** What was asked. */
export function asked(request: unknown): Message[] {
  if (!isObject(request)) return []
  const system = request.system ?? request.instructions
  const before: Message[] = system ? [{ role: 'system', parts: partsOf(system), finish: null }] : []
  const said = request.messages ?? request.input ?? request.prompt ?? request.query
  const list = Array.isArray(said) ? said : said === undefined || said === null ? [] : [said]
  return [...before, ...list.map(messageOf)]
}

/** What was answered: one message for each choice. */
export function answered(answer: unknown): Message[] {
  if (answer === null || answer === undefined) return []
  if (!isObject(answer) || !Array.isArray(answer.choices)) {
    return [{ role: 'assistant', parts: [{ kind: 'json', text: pretty(answer) }], finish: null }]
  }
  return answer.choices.filter(isObject).map((choice) => ({
    role: 'assistant',
    parts: [
      ...(choice.reasoning ? [{ kind: 'reasoning' as const, text: asText(choice.reasoning) }] : []),
      ...(choice.text ? [{ kind: 'text' as const, text: asText(choice.text) }] : []),
      ...(choice.refusal ? [{ kind: 'text' as const, text: asText(choice.refusal) }] : []),
      ...toolCalls(choice.tool_calls),
    ],
    finish: typeof choice.finish_reason === 'string' ? choice.finish_reason : null,
  }))
}

/** The conversation as the playground can go on with it, or `null` if it is none of plain texts. */
export function replayable(
  request: unknown,
): { system: string; history: [string, string][]; question: string } | null {
  const messages = asked(request)
  const texts: { role: string; text: string }[] = []
  for (const { role, parts } of messages) {
    if (parts.some(({ kind }) => kind !== 'text')) return null
    texts.push({ role, text: parts.map(({ text }) => text).join('\n') })
  }
  const system = texts
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ text }) => text)
    .join('\n')
  const turns = texts.filter(({ role }) => role === 'user' || role === 'assistant')
  const question = turns.pop()
  if (question?.role !== 'user') return null
  const history: [string, string][] = []
  for (let at = 0; at < turns.length; at += 2) {
    const [user, assistant] = [turns[at], turns[at + 1]]
    if (user?.role !== 'user' || assistant?.role !== 'assistant') return null
    history.push([user.text, assistant.text])
  }
  return { system, history, question: question.text }
}
