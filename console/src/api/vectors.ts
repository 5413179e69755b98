/** Vectors and ranks of the playground: one call each, whole at once. */
import { send } from './client'

/** What is told of a call beside its result; the time is the browser's. */
export interface CallFigures {
  totalMs: number
  tokens: number | null
  /** The gateway's own request, under which it is recorded. */
  requestId: string | null
}

interface Call {
  projectId: string
  model: string
  signal?: AbortSignal
}

interface Usage {
  prompt_tokens?: number
  total_tokens?: number
}

async function play<Body>(
  what: 'embeddings' | 'rerank',
  { projectId, signal }: Call,
  body: Record<string, unknown>,
): Promise<{ answer: Body & { usage?: Usage | null }; figures: CallFigures }> {
  const startedAt = performance.now()
  const sent = await send('POST', `/playground/${what}`, {
    body,
    query: { project_id: projectId },
    signal,
  })
  const answer = (await sent.json()) as Body & { usage?: Usage | null }
  return {
    answer,
    figures: {
      totalMs: performance.now() - startedAt,
      tokens: answer.usage?.total_tokens ?? answer.usage?.prompt_tokens ?? null,
      requestId: sent.headers.get('x-mainspring-call'),
    },
  }
}

export interface Embedded extends CallFigures {
  /** In the order of the texts. */
  vectors: number[][]
}

/** Have texts made into vectors. */
export async function embed(call: Call, texts: string[]): Promise<Embedded> {
  const { answer, figures } = await play<{ data: { index: number; embedding: number[] }[] }>(
    'embeddings',
    call,
    { model: call.model, input: texts, encoding_format: 'float' },
  )
  const vectors = answer.data
    .toSorted((a, b) => a.index - b.index)
    .map(({ embedding }) => embedding)
  return { ...figures, vectors }
}

export interface Ranked extends CallFigures {
  /** The best first; `index` is the place among the documents that were sent. */
  results: { index: number; score: number }[]
}

/** Have documents put in the order of a question. */
export async function rerank(call: Call, query: string, documents: string[]): Promise<Ranked> {
  const { answer, figures } = await play<{
    results: { index: number; relevance_score: number }[]
  }>('rerank', call, { model: call.model, query, documents })
  const results = answer.results
    .map(({ index, relevance_score }) => ({ index, score: relevance_score }))
    .toSorted((a, b) => b.score - a.score)
  return { ...figures, results }
}
