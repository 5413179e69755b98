/** A chat answer as it arrives: text, timing and token figures of one playground request. */
import { send } from './client'
import { BROKEN_OFF, readProblem } from './problem'
import { eventsOf } from './sse'

export type Role = 'system' | 'user' | 'assistant'

export interface ChatMessage {
  role: Role
  content: string
}

export interface ChatRequest {
  projectId: string
  model: string
  messages: ChatMessage[]
  temperature: number
  maxTokens: number
}

export interface TokenUsage {
  input: number
  output: number
}

/** What is known of an answer so far. Durations are milliseconds on the browser's clock. */
export interface ChatProgress {
  text: string
  ttftMs: number | null
  totalMs: number
  usage: TokenUsage | null
  finishReason: string | null
  requestId: string | null
}

interface Chunk {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null
  error?: unknown
}

function requestBody({ model, messages, temperature, maxTokens }: ChatRequest) {
  return { model, messages, temperature, max_tokens: maxTokens }
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
  return {
    ...progress,
    text: progress.text + piece,
    ttftMs: progress.ttftMs ?? (piece ? elapsedMs : null),
    totalMs: elapsedMs,
    finishReason: choice?.finish_reason ?? progress.finishReason,
    usage: chunk.usage
      ? { input: chunk.usage.prompt_tokens ?? 0, output: chunk.usage.completion_tokens ?? 0 }
      : progress.usage,
  }
}

/** Output tokens per second after the first one, or `null` where it cannot be told. */
export function tokensPerSecond({ usage, ttftMs, totalMs }: ChatProgress): number | null {
  if (!usage || ttftMs === null || usage.output < 2 || totalMs <= ttftMs) return null
  return ((usage.output - 1) * 1000) / (totalMs - ttftMs)
}
