import { afterEach, describe, expect, it, vi } from 'vitest'
import { answering, streamed } from '@/testing/fetch'
import { type ChatProgress, streamChat, tokensPerSecond } from './chat'

afterEach(() => vi.unstubAllGlobals())

const REQUEST = {
  projectId: 'prj_1',
  model: 'm',
  messages: [{ role: 'user' as const, content: 'hi' }],
  temperature: 0.5,
  maxTokens: 64,
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = (content: string) => event({ choices: [{ delta: { content } }] })

function clock(...times: number[]): () => number {
  let last = 0
  return () => {
    last = times.shift() ?? last
    return last
  }
}

describe('streamChat', () => {
  it('collects text, usage, reason and times', async () => {
    const sent = answering(
      streamed(
        [
          event({ choices: [{ delta: { role: 'assistant', content: '' } }] }),
          delta('Hel'),
          delta('lo'),
          event({ choices: [{ delta: {}, finish_reason: 'length' }] }),
          event({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } }),
          'data: [DONE]\n\n',
        ],
        { 'x-mainspring-call': 'req_9' },
      ),
    )
    const seen: ChatProgress[] = []
    const answer = await streamChat(
      REQUEST,
      (progress) => seen.push(progress),
      new AbortController().signal,
      clock(100, 110, 150, 160, 170, 180, 350),
    )
    expect(answer).toEqual({
      text: 'Hello',
      ttftMs: 50,
      totalMs: 250,
      usage: { input: 3, output: 5 },
      finishReason: 'length',
      requestId: 'req_9',
    })
    expect(seen.at(-1)).toEqual(answer)
    expect(seen.map(({ text }) => text)).toEqual(['', 'Hel', 'Hello', 'Hello', 'Hello', 'Hello'])
    expect(tokensPerSecond(answer)).toBe(20)
    expect(sent[0]?.url).toBe('/api/v1/playground/chat/completions?project_id=prj_1')
    expect(sent[0]?.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0.5,
      max_tokens: 64,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('fails with the code of an error frame in mid-stream', async () => {
    answering(streamed([delta('a'), event({ error: { code: 'upstream_timeout', message: 'x' } })]))
    await expect(streamChat(REQUEST, () => {}, new AbortController().signal)).rejects.toMatchObject(
      { code: 'upstream_timeout' },
    )
  })

  it('does not take an answer that broke off for a whole one', async () => {
    answering(streamed([delta('half')]))
    await expect(streamChat(REQUEST, () => {}, new AbortController().signal)).rejects.toMatchObject(
      { code: 'answer_broken_off' },
    )
  })

  it('reads a refusal in the shape of the OpenAI protocol', async () => {
    answering(
      Response.json({ error: { code: 'model_not_found', message: 'no m' } }, { status: 404 }),
    )
    await expect(streamChat(REQUEST, () => {}, new AbortController().signal)).rejects.toMatchObject(
      { status: 404, code: 'model_not_found', detail: 'no m' },
    )
  })
})

describe('tokensPerSecond', () => {
  const base: ChatProgress = {
    text: '',
    ttftMs: 10,
    totalMs: 1010,
    usage: { input: 1, output: 51 },
    finishReason: null,
    requestId: null,
  }

  it('counts what came after the first token', () => {
    expect(tokensPerSecond(base)).toBe(50)
  })

  it.each([{ usage: null }, { ttftMs: null }, { usage: { input: 1, output: 1 } }, { totalMs: 10 }])(
    'says nothing where it cannot know: %j',
    (part) => {
      expect(tokensPerSecond({ ...base, ...part })).toBeNull()
    },
  )
})
