import { describe, expect, it } from 'vitest'
import type { ChatProgress } from '@/api/chat'
import { asked } from './conversation'
import { costOf, extrasOf, othersOf } from './extras'

const TOOL = { type: 'function', function: { name: 'weather' } }

describe('what is typed beside a question', () => {
  it('sends nothing where nothing is typed', () => {
    expect(extrasOf({ tools: ' ', schema: '' })).toEqual({
      body: {},
      wrong: { tools: false, schema: false },
    })
  })

  it('takes one tool for a list, and a schema for the format of the answer', () => {
    const schema = { type: 'object' }
    expect(extrasOf({ tools: JSON.stringify(TOOL), schema: JSON.stringify(schema) }).body).toEqual({
      tools: [TOOL],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema, strict: true },
      },
    })
  })

  it.each(['{', '"text"', '[1]'])(
    'says that %s is no list of tools, and leaves it out',
    (tools) => {
      expect(extrasOf({ tools, schema: '[]' })).toEqual({
        body: {},
        wrong: { tools: true, schema: true },
      })
    },
  )
})

describe('a question with pictures', () => {
  it('has parts, and without them is plain text', () => {
    expect(asked('What is it?')).toEqual({ role: 'user', content: 'What is it?' })
    expect(asked('What is it?', ['data:image/png;base64,AA'])).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
      ],
    })
  })
})

describe('the cost of an answer', () => {
  const answer: ChatProgress = {
    text: '',
    ttftMs: null,
    totalMs: 1,
    usage: { input: 1_000, output: 500 },
    finishReason: null,
    requestId: null,
  }

  it('is by what each kind of token costs', () => {
    expect(costOf(answer.usage, { input: 2_000_000_000, output: 4_000_000_000 })).toBe(4_000_000)
  })

  it('is not told without a price or a usage', () => {
    expect(costOf(answer.usage, null)).toBeNull()
    expect(costOf(null, { input: 1 })).toBeNull()
  })
})

it('puts three models beside the first at most, each once', () => {
  expect(othersOf('a,b,a,c,d')).toEqual(['a', 'b', 'c'])
  expect(othersOf(undefined)).toEqual([])
})
