import { describe, expect, it } from 'vitest'
import type { FullCall } from '@/api/types'
import { formOf, replayBody, wordsApart } from './replay-form'

const recorded = (request: unknown, operation = 'chat') =>
  ({ model: 'small', operation, path: null, request }) as FullCall

describe('replayBody', () => {
  const call = recorded({ messages: [], temperature: 0.7, max_completion_tokens: 9 })

  it('sends what differs from the record, and nothing else', () => {
    const form = formOf(call)
    expect(form).toEqual({ model: 'small', temperature: '0.7', maxTokens: '9', more: '' })
    expect(replayBody(call, form)).toEqual({ model: null, parameters: {} })
    expect(replayBody(call, { ...form, model: 'large', temperature: '0' })).toEqual({
      model: 'large',
      parameters: { temperature: 0 },
    })
    expect(replayBody(call, { ...form, maxTokens: '' })?.parameters).toEqual({
      max_completion_tokens: null,
    })
  })

  it('takes further parameters as JSON and says where they are none', () => {
    const form = formOf(call)
    expect(replayBody(call, { ...form, more: '{"seed": 7}' })?.parameters).toEqual({ seed: 7 })
    expect(replayBody(call, { ...form, more: '[1]' })).toBeNull()
    expect(replayBody(call, { ...form, more: '{' })).toBeNull()
  })

  it('names the length as the endpoint does', () => {
    const response = recorded({ input: 'hi' }, 'responses')
    const form = { ...formOf(response), maxTokens: '5' }
    expect(replayBody(response, form)?.parameters).toEqual({ max_output_tokens: 5 })
  })
})

describe('wordsApart', () => {
  it('marks the words that only one text has', () => {
    expect(wordsApart('in ten days', 'in two days')).toEqual([
      [
        { text: 'in ', same: true },
        { text: 'ten', same: false },
        { text: ' days', same: true },
      ],
      [
        { text: 'in ', same: true },
        { text: 'two', same: false },
        { text: ' days', same: true },
      ],
    ])
    expect(wordsApart('三天', '两天')[1]).toEqual([
      { text: '两', same: false },
      { text: '天', same: true },
    ])
    expect(wordsApart('', '')).toEqual([[], []])
  })

  it('leaves long texts unmarked', () => {
    const long = 'word '.repeat(2000)
    expect(wordsApart(long, 'word')).toEqual([
      [{ text: long, same: true }],
      [{ text: 'word', same: true }],
    ])
  })
})
