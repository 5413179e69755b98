import { expect, it } from 'vitest'
import type { Part } from '@/api/types'
import { liveOf } from '@/pages/upstreams/live'
import { PART, RECORD } from '@/testing/samples'
import { matching } from './matching'
import { disagreements } from './versions'

const part = (role: string, name: string, version: string, snapshot?: number): Part => ({
  ...PART,
  role,
  name,
  version,
  details: snapshot === undefined ? {} : { snapshot_version: snapshot },
})

it('has nothing to say while the parts agree', () => {
  const parts = [part('control', 'c', '1', 100), part('gateway', 'g', '1', 98)]
  expect(disagreements(parts)).toEqual({ versions: null, behind: [] })
})

it('names versions that run at once, and gateways that fell behind', () => {
  const parts = [
    part('control', 'c', '2', 100),
    part('gateway', 'g1', '1', 100),
    part('gateway', 'g2', '2', 12),
    { ...part('worker', 'w', '0'), state: 'lost' as const },
  ]
  expect(disagreements(parts)).toEqual({ versions: ['1', '2'], behind: ['g2'] })
})

it('sums calls up by the server that answered them', () => {
  const live = liveOf([
    RECORD,
    { ...RECORD, id: '2', ttft_ms: 300, status: 500 },
    { ...RECORD, id: '3', ttft_ms: null },
    { ...RECORD, id: '4', upstream_id: null },
  ])
  expect([...live]).toEqual([['ups_1', { calls: 3, failed: 1, medianMs: 100 }]])
})

it('finds settings by words of their name or meaning, and those that are set', () => {
  const setting = (name: string, source: 'environment' | 'default', meaning = '') => ({
    name,
    source,
    meaning,
    meaning_zh: '日志',
    parts: [],
    value: null,
    default: null,
  })
  const log = setting('LOG_LEVEL', 'environment', 'Least level')
  const port = setting('PORT', 'default')
  expect(matching([log, port], '', false)).toEqual([log])
  expect(matching([log, port], '', true)).toEqual([log, port])
  expect(matching([log, port], 'LEVEL least', true)).toEqual([log])
  expect(matching([log, port], '日志', true)).toEqual([log, port])
})
