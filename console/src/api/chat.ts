/** A chat answer as it arrives: text, timing and token figures of one playground request. */
import { send } from './client'
import { BROKEN_OFF, readProblem } from './problem'
import { eventsOf } from './sse'

export type Role = 'system' | 'user' | 'assistant'

/** A piece of a message: words, or a picture as a `data:` address. */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string } }

export interface ChatMessage {
  role: Role
  content: string | Part[]
}

/** A function that the model wants called; its arguments are JSON as far as they have come. */
export interface ToolCall {
  name: string
  arguments: string
}

export interface ChatRequest {
  projectId: string
  model: string
  messages: ChatMessage[]
  temperature: number
  maxTokens: number
  /** Further fields of the body: `tools`, `response_format`. */
  extra?: Record<string, unknown>
}

export interface TokenUsage {
  input: number
  output: number
}

/** What is known of an answer so far. Durations are milliseconds on the browser's clock. */
export interface ChatProgress {
  text: string
  toolCalls?: ToolCall[]
  ttftMs: number | null
  totalMs: number
  usage: TokenUsage | null
  finishReason: string | null
  requestId: string | null
}

interface Chunk {
  choices?: {
    delta?: {
      content?: string | null
      tool_calls?: {
        index?: number
        function?: { name?: string | null; arguments?: string | null }
      }[]
    }
    finish_reason?: string | null
  }[]
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null
  error?: unknown
}

function requestBody({ model, messages, temperature, maxTokens, extra }: ChatRequest) {
  return { model, messages, temperature, max_tokens: maxTokens, ...extra }
}

/**
 * Stream one answer. `onProgress` is called for each event and once more at the end.
 *
 * @throws ApiError for a refused request or an error frame in mid-stream; an `AbortError` when
 * `signal` was aborted.
 */
export async function streamChat(
  request: ChatRequest,
  onProgress: (progress: ChatProgress) => void,
  signal: AbortSignal,
  now: () => number = () => performance.now(),
): Promise<ChatProgress> {
  const startedAt = now()
  const answer = await send('POST', '/playground/chat/completions', {
    body: { ...requestBody(request), stream: true, stream_options: { include_usage: true } },
    query: { project_id: request.projectId },
    signal,
  })
  let progress: ChatProgress = {
    text: '',
    ttftMs: null,
    totalMs: 0,
    usage: null,
    finishReason: null,
    // The gateway's own request; the answer's other id is that of control, which passes it on.
    requestId: answer.headers.get('x-mainspring-call'),
  }
  if (!answer.body) return progress
  let complete = false
  for await (const { data } of eventsOf(answer.body)) {
    complete = data === '[DONE]'
    if (complete) break
    progress = advance(progress, JSON.parse(data) as Chunk, now() - startedAt)
    onProgress(progress)
  }
  if (!complete) throw readProblem(502, { code: BROKEN_OFF })
  progress = { ...progress, totalMs: now() - startedAt }
  onProgress(progress)
  return progress
}

function advance(progress: ChatProgress, chunk: Chunk, elapsedMs: number): ChatProgress {
  if (chunk.error) throw readProblem(502, chunk)
  const choice = chunk.choices?.[0]
  const piece = choice?.delta?.content ?? ''
  const called = withCalls(progress.toolCalls, choice?.delta?.tool_calls)
  return {
    ...progress,
    text: progress.text + piece,
    ...(called ? { toolCalls: called } : {}),
    ttftMs: progress.ttftMs ?? (piece || called ? elapsedMs : null),
    totalMs: elapsedMs,
    finishReason: choice?.finish_reason ?? progress.finishReason,
    usage: chunk.usage
      ? { input: chunk.usage.prompt_tokens ?? 0, output: chunk.usage.completion_tokens ?? 0 }
      : progress.usage,
  }
}

type CallPieces = NonNullable<
  NonNullable<NonNullable<Chunk['choices']>[number]['delta']>['tool_calls']
>

/** The calls of tools so far: a name comes first, arguments come in pieces. */
function withCalls(
  calls: ToolCall[] | undefined,
  pieces: CallPieces | undefined,
): ToolCall[] | undefined {
  if (!pieces || pieces.length === 0) return calls
  const next = [...(calls ?? [])]
  for (const { index = 0, function: called } of pieces) {
    const before = next[index] ?? { name: '', arguments: '' }
    next[index] = {
      name: before.name + (called?.name ?? ''),
      arguments: before.arguments + (called?.arguments ?? ''),
    }
  }
  return next
}

/** Output tokens per second after the first one, or `null` where it cannot be told. */
export function tokensPerSecond({ usage, ttftMs, totalMs }: ChatProgress): number | null {
  if (!usage || ttftMs === null || usage.output < 2 || totalMs <= ttftMs) return null
  return ((usage.output - 1) * 1000) / (totalMs - ttftMs)
}
