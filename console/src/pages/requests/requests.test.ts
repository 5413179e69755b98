import { describe, expect, it } from 'vitest'
import type { Call, Span, Trace } from '@/api/types'
import { RECORD } from '@/testing/samples'
import { answered, asked, replayable } from './messages'
import { withNewest } from './queries'
import { callIdOf, rowOfCall, rowOfRecord } from './rows'
import { filterCount, requestsSearch } from './search'
import { sessionsOf } from './sessions'
import { extentOf, linesOf } from './trace-tree'

const CALL: Call = {
  id: 'cal_1',
  request_id: 'req_1',
  at: '2026-03-01T10:00:00Z',
  org_id: 'org_1',
  project_id: 'prj_1',
  key_id: 'key_1',
  actor_id: 'usr_1',
  operation: 'chat',
  path: '/v1/chat/completions',
  model: 'm',
  upstream_id: 'ups_1',
  upstream_model: 'um',
  stream: false,
  status: 200,
  outcome: 'ok',
  input_tokens: 10,
  output_tokens: 5,
  cost_nanos: 7,
  currency: 'USD',
  ttft_ms: 3,
  duration_ms: 9,
  attempts: 1,
  trace_id: null,
  session_id: 's1',
  user_id: 'ada',
  metadata: {},
  level: 'full',
  truncated: false,
  fallback_from: null,
  track: 'stable',
  snapshot_version: 1,
  gateway_id: 'gateway-1',
  input_preview: 'Hi',
  output_preview: 'Hello',
}

const text = (role: string, said: string, finish: string | null = null) => ({
  role,
  parts: [{ kind: 'text', text: said }],
  finish,
})

describe('asked', () => {
  it('reads OpenAI chats, with parts and tools', () => {
    const messages = asked({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { bytes: 12 } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: '1', function: { name: 'look', arguments: '{"at":1}' } }],
        },
        { role: 'tool', tool_call_id: '1', content: 'a cat' },
      ],
    })
    expect(messages[0]).toEqual(text('system', 'Be brief.'))
    expect(messages[1]?.parts.map(({ kind }) => kind)).toEqual(['text', 'media'])
    expect(messages[2]?.parts).toEqual([
      { kind: 'tool_call', name: 'look', text: '{\n  "at": 1\n}' },
    ])
    expect(messages[3]?.parts).toEqual([{ kind: 'tool_result', text: 'a cat' }])
  })

  it('reads Anthropic messages and responses', () => {
    expect(
      asked({
        system: 'Be brief.',
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool_result', content: [{ type: 'text', text: '7' }] }],
          },
        ],
      }),
    ).toEqual([
      text('system', 'Be brief.'),
      { role: 'user', parts: [{ kind: 'tool_result', text: '7' }], finish: null },
    ])
    expect(asked({ instructions: 'Be brief.', input: 'Hi' })).toEqual([
      text('system', 'Be brief.'),
      text('user', 'Hi'),
    ])
    expect(
      asked({ input: [{ type: 'function_call', name: 'look', arguments: '{}' }] })[0]?.role,
    ).toBe('assistant')
  })

  it('reads prompts and lists of texts, and nothing from nothing', () => {
    expect(asked({ prompt: 'Once' })).toEqual([text('user', 'Once')])
    expect(asked({ input: ['a', 'b'] })).toEqual([text('user', 'a'), text('user', 'b')])
    expect(asked(null)).toEqual([])
  })

  it('shows what it does not know as it is', () => {
    expect(
      asked({ messages: [{ role: 'user', content: [{ type: 'new', x: 1 }] }] })[0]?.parts,
    ).toEqual([{ kind: 'json', text: '{\n  "type": "new",\n  "x": 1\n}' }])
  })
})

describe('answered', () => {
  it('has a message for each choice', () => {
    expect(
      answered({ choices: [{ text: 'Hello', finish_reason: 'stop' }, { text: 'Hi' }] }),
    ).toEqual([text('assistant', 'Hello', 'stop'), text('assistant', 'Hi')])
  })

  it('tells reasoning and tools from what was said', () => {
    const [message] = answered({
      choices: [{ reasoning: 'hm', text: 'ok', tool_calls: [{ name: 'f', arguments: '1' }] }],
    })
    expect(message?.parts.map(({ kind }) => kind)).toEqual(['reasoning', 'text', 'tool_call'])
  })

  it('shows other answers as JSON, and none as none', () => {
    expect(answered({ data: [] })[0]?.parts[0]?.kind).toBe('json')
    expect(answered(null)).toEqual([])
  })
})

describe('replayable', () => {
  it('takes a conversation apart for the playground', () => {
    expect(
      replayable({
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
      }),
    ).toEqual({ system: 'S', history: [['a', 'b']], question: 'c' })
  })

  it('refuses what the playground could not repeat', () => {
    expect(replayable({ messages: [{ role: 'assistant', content: 'b' }] })).toBeNull()
    expect(
      replayable({ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }),
    ).toBeNull()
  })
})

describe('rows', () => {
  it('of calls and of the ledger say the same of a request', () => {
    const names = new Map([['key_1', 'first']])
    expect(rowOfCall(CALL, names)).toMatchObject({ keyName: 'first', input: 10, preview: 'Hi' })
    expect(rowOfCall(CALL, new Map()).keyName).toBeNull()
    expect(rowOfRecord(RECORD)).toMatchObject({ input: 12, output: 21, level: null })
  })

  it('know the call record of a request', () => {
    expect(callIdOf('req_01ab')).toBe('cal_01ab')
  })
})

it('puts new calls in front once, and keeps the pages that are there', () => {
  const page = (items: { id: string }[]) => ({ items, next_cursor: null })
  const data = { pages: [page([{ id: 'b' }]), page([{ id: 'a' }])], pageParams: [undefined, 'x'] }
  const merged = withNewest(data, [{ id: 'c' }, { id: 'b' }, { id: 'a' }])
  expect(merged?.pages.map(({ items }) => items.map(({ id }) => id))).toEqual([['c', 'b'], ['a']])
  expect(withNewest(data, [{ id: 'a' }])).toBe(data)
  expect(withNewest(undefined, [{ id: 'a' }])).toBeUndefined()
})

it('reads filters from an address and counts them', () => {
  const search = requestsSearch({
    text: 'x',
    failed: true,
    slow: '250',
    key: 7,
    tab: 'nope',
    live: 1,
  })
  expect(search).toMatchObject({ text: 'x', failed: true, slow: 250, key: '7' })
  expect(search.tab).toBeUndefined()
  expect(search.live).toBeUndefined()
  expect(filterCount(search)).toBe(4)
})

it('sums calls up by session, the latest first', () => {
  const sums = sessionsOf([
    { ...CALL, id: '3', at: '2026-03-01T12:00:00Z', session_id: 's2', status: 500 },
    { ...CALL, id: '2', at: '2026-03-01T11:00:00Z', input_preview: 'second' },
    { ...CALL, id: '0', session_id: null },
    { ...CALL, id: '1', at: '2026-03-01T10:00:00Z', user_id: 'bob' },
  ])
  expect(sums.map(({ id, calls, failed }) => [id, calls, failed])).toEqual([
    ['s2', 1, 1],
    ['s1', 2, 0],
  ])
  expect(sums[1]).toMatchObject({
    first: '2026-03-01T10:00:00Z',
    last: '2026-03-01T11:00:00Z',
    tokens: 30,
    costs: { USD: 14 },
    users: ['ada', 'bob'],
    preview: 'Hi',
  })
})

const span = (id: string, start: number, ms: number, children: Span[] = []): Span => ({
  span_id: id,
  parent_id: null,
  name: id,
  kind: 'server',
  service: 'gateway',
  start_ns: String(1_700_000_000_000_000_000n + BigInt(start * 1e6)),
  end_ns: String(1_700_000_000_000_000_000n + BigInt((start + ms) * 1e6)),
  duration_ms: ms,
  error: null,
  attributes: {},
  org_id: null,
  project_id: null,
  request_id: 'req_1',
  children,
})

describe('a trace', () => {
  const trace: Trace = {
    trace_id: 't',
    spans: 3,
    roots: [span('root', 0, 100, [span('late', 50, 50), span('early', 10, 20)])],
  }

  it('is drawn in the order of time, to the millisecond', () => {
    expect(extentOf(trace).totalMs).toBe(100)
    expect(
      linesOf(trace).map(({ span: { name }, depth, startMs, left, width }) => [
        name,
        depth,
        startMs,
        left,
        width,
      ]),
    ).toEqual([
      ['root', 0, 0, 0, 1],
      ['early', 1, 10, 0.1, 0.2],
      ['late', 1, 50, 0.5, 0.5],
    ])
  })

  it('hides the children of a span that was closed', () => {
    expect(linesOf(trace, new Set(['root'])).map(({ span: { name } }) => name)).toEqual(['root'])
  })

  it('of no length at all is still drawn', () => {
    const lines = linesOf({ trace_id: 't', spans: 1, roots: [span('only', 0, 0)] })
    expect(lines).toMatchObject([{ left: 0, width: 1 }])
  })
})
