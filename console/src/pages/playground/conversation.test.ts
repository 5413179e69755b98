import { expect, it } from 'vitest'
import type { ChatProgress } from '@/api/chat'
import { readProblem } from '@/api/problem'
import {
  type Action,
  type Conversation,
  converse,
  EMPTY,
  messagesOf,
  restored,
} from './conversation'

const answer = (text: string): ChatProgress => ({
  text,
  ttftMs: 1,
  totalMs: 2,
  usage: null,
  finishReason: null,
  requestId: null,
})

const after = (...actions: Action[]): Conversation => actions.reduce(converse, EMPTY)

const ASK: Action = { type: 'ask', id: 1, question: 'q1', model: 'm' }

it('follows a question from asking to its answer', () => {
  const asked = after(ASK, { type: 'progress', id: 1, answer: answer('a') })
  expect(asked.turns).toEqual([
    { id: 1, question: 'q1', model: 'm', answer: answer('a'), state: 'streaming', error: null },
  ])
  const done = converse(asked, { type: 'done', id: 1, answer: answer('ab') })
  expect(done.turns[0]).toMatchObject({ state: 'done', answer: answer('ab') })
})

it('keeps what had come when it is stopped or fails', () => {
  const asked = after(ASK, { type: 'progress', id: 1, answer: answer('half') })
  expect(converse(asked, { type: 'stopped', id: 1 }).turns[0]).toMatchObject({
    state: 'stopped',
    answer: answer('half'),
  })
  const error = readProblem(502, { code: 'upstream_error' })
  expect(converse(asked, { type: 'failed', id: 1, error }).turns[0]).toMatchObject({
    state: 'failed',
    error,
    answer: answer('half'),
  })
})

it('tells the model the system prompt and every exchange that was not refused', () => {
  const { turns } = after(
    ASK,
    { type: 'done', id: 1, answer: answer('a1') },
    { type: 'ask', id: 2, question: 'bad', model: 'm' },
    { type: 'failed', id: 2, error: readProblem(500, null) },
  )
  expect(messagesOf(turns, ' be brief ')).toEqual([
    { role: 'system', content: 'be brief' },
    { role: 'user', content: 'q1' },
    { role: 'assistant', content: 'a1' },
  ])
  expect(messagesOf([], '  ')).toEqual([])
})

it('comes back after a reload without a stream that nobody reads', () => {
  const state = after(
    ASK,
    { type: 'progress', id: 1, answer: answer('half') },
    { type: 'ask', id: 2, question: 'bad', model: 'm' },
    { type: 'failed', id: 2, error: readProblem(500, null) },
  )
  expect(restored(state).turns.map(({ id, state: is }) => [id, is])).toEqual([[1, 'stopped']])
})

it('drops one turn, or all', () => {
  const two = after(ASK, { type: 'ask', id: 2, question: 'q2', model: 'm' })
  expect(converse(two, { type: 'drop', id: 1 }).turns.map(({ id }) => id)).toEqual([2])
  expect(converse(two, { type: 'clear' })).toEqual(EMPTY)
})
