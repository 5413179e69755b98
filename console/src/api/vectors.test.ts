import { afterEach, describe, expect, it, vi } from 'vitest'
import { answering } from '@/testing/fetch'
import { embed, rerank } from './vectors'

afterEach(() => vi.unstubAllGlobals())

const CALL = { projectId: 'prj_1', model: 'm' }
const headers = { 'X-Mainspring-Call': 'req_1' }

describe('embed', () => {
  it('gives the vectors in the order of the texts, with what the call took', async () => {
    const sent = answering(
      Response.json(
        {
          data: [
            { index: 1, embedding: [0, 1] },
            { index: 0, embedding: [1, 0] },
          ],
          usage: { prompt_tokens: 7, total_tokens: 7 },
        },
        { headers },
      ),
    )
    const { vectors, tokens, requestId } = await embed(CALL, ['a', 'b'])
    expect({ vectors, tokens, requestId }).toEqual({
      vectors: [
        [1, 0],
        [0, 1],
      ],
      tokens: 7,
      requestId: 'req_1',
    })
    expect(sent[0]?.url).toBe('/api/v1/playground/embeddings?project_id=prj_1')
    expect(sent[0]?.body).toEqual({ model: 'm', input: ['a', 'b'], encoding_format: 'float' })
  })
})

describe('rerank', () => {
  it('puts the best first, whatever order the server gives', async () => {
    const sent = answering(
      Response.json({
        results: [
          { index: 0, relevance_score: 0.2 },
          { index: 1, relevance_score: 0.9 },
        ],
      }),
    )
    const { results, tokens, requestId } = await rerank(CALL, 'q', ['a', 'b'])
    expect({ results, tokens, requestId }).toEqual({
      results: [
        { index: 1, score: 0.9 },
        { index: 0, score: 0.2 },
      ],
      tokens: null,
      requestId: null,
    })
    expect(sent[0]?.body).toEqual({ model: 'm', query: 'q', documents: ['a', 'b'] })
  })
})
