import { describe, expect, it } from 'vitest'
import type { Part } from '@/api/types'
import { MODEL, PART, RECORD } from '@/testing/samples'
import { BUCKETS, figuresOf, quantile } from './figures'
import { factsOf, processesOf } from './fleet'
import { progressOf } from './progress'

const NOW = Date.parse('2026-03-01T10:30:00Z')

describe('figuresOf', () => {
  it('sums the window, with every token and failure in one place', () => {
    const figures = figuresOf(
      [
        RECORD,
        { ...RECORD, id: '2', ttft_ms: 300 },
        { ...RECORD, id: '3', status: 503, outcome: 'overloaded', ttft_ms: null },
        { ...RECORD, id: '4', status: 499, outcome: 'client_closed', ttft_ms: null },
        {
          ...RECORD,
          id: '5',
          stream: false,
          ttft_ms: 5,
          operation: 'embeddings',
          output_tokens: 0,
        },
        { ...RECORD, id: 'old', at: '2026-03-01T09:00:00Z' },
      ],
      60,
      NOW,
    )
    expect(figures).toMatchObject({
      requests: 5,
      failed: 1,
      input: 60,
      output: 85,
      ttftP50: 100,
      ttftP95: 300,
    })
    expect(figures.buckets).toHaveLength(BUCKETS)
    const filled = figures.buckets.filter(({ ok, failed }) => ok + failed > 0)
    expect(filled).toEqual([
      {
        at: Date.parse('2026-03-01T10:00:00Z'),
        ok: 4,
        failed: 1,
        input: 60,
        output: 85,
        ttftP50: 100,
        ttftP95: 300,
      },
    ])
  })

  it('keeps a call in its step while time goes on', () => {
    const bucketOf = (now: number) =>
      figuresOf([RECORD], 60, now).buckets.find(({ ok }) => ok > 0)?.at
    expect(new Set([0, 10_000, 59_000, 119_000].map((late) => bucketOf(NOW + late))).size).toBe(1)
  })

  it('covers the present moment', () => {
    const at = new Date(NOW).toISOString()
    expect(figuresOf([{ ...RECORD, at }], 15, NOW).requests).toBe(1)
  })
})

describe('quantile', () => {
  it('is the nearest rank', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2)
    expect(quantile([4, 1, 3, 2], 0.95)).toBe(4)
    expect(quantile([7], 0.5)).toBe(7)
    expect(quantile([], 0.5)).toBeNull()
  })
})

describe('progressOf', () => {
  it('ticks each step by what the platform does', () => {
    const ids = (progress: ReturnType<typeof progressOf>) =>
      progress.steps.filter(({ done }) => done).map(({ id }) => id)
    expect(ids(progressOf([], [], []))).toEqual([])
    expect(ids(progressOf([{ ...PART, state: 'starting' }], [MODEL], []))).toEqual(['model'])
    const failed = { ...RECORD, status: 500 }
    expect(ids(progressOf([PART], [MODEL], [failed]))).toEqual(['parts', 'model'])
    const done = progressOf([PART], [MODEL], [{ ...RECORD, id: 'later' }, failed, RECORD])
    expect(ids(done)).toEqual(['parts', 'model', 'request'])
    expect(done.finished).toBe(true)
    expect(done.firstAnswer).toBe(RECORD)
  })

  it('has no step for parts where they may not be seen', () => {
    expect(progressOf(null, [], []).steps.map(({ id }) => id)).toEqual(['model', 'request'])
  })
})

describe('processesOf', () => {
  const gateway: Part = { ...PART, instance_id: 'ins_1', role: 'gateway', name: 'gateway-1' }

  it('shows the successor of a process, not the process that it replaced', () => {
    const lost: Part = { ...gateway, instance_id: 'ins_0', state: 'lost' }
    expect(processesOf([lost, gateway])).toEqual([gateway])
    expect(processesOf([lost])).toEqual([lost])
  })

  it('shows every gateway of a cluster', () => {
    const second = { ...gateway, instance_id: 'ins_2', name: 'gateway-2' }
    expect(processesOf([second, gateway])).toEqual([gateway, second])
  })

  it('orders parts as they depend on each other, unknown roles last', () => {
    const of = (role: string): Part => ({ ...PART, instance_id: `x-${role}`, role, name: role })
    const roles = ['runtime', 'novel', 'gateway', 'database', 'worker', 'control', 'supervisor']
    expect(processesOf(roles.map(of)).map(({ role }) => role)).toEqual([
      'supervisor',
      'database',
      'control',
      'gateway',
      'worker',
      'runtime',
      'novel',
    ])
  })
})

it('tells the facts that say something, in a fixed order', () => {
  const details = { spool_bytes: 0, in_flight: 3, snapshot_version: 12, rss_mb: 60, restarts: 2 }
  expect(factsOf({ ...PART, details: { ...details, port: 8080, pid: 4 } })).toEqual([
    ['address', ':8080'],
    ['memory', 60],
    ['restarts', 2],
    ['snapshot', 12],
    ['inFlight', 3],
  ])
  expect(factsOf(PART)).toEqual([
    ['address', '127.0.0.1:8081'],
    ['memory', 500],
  ])
})
