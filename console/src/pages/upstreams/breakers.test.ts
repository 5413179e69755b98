import { describe, expect, it } from 'vitest'
import type { Breaker } from '@/api/types'
import { circuitOf, standingsOf } from './breakers'

const breaker = (upstream: string, more: Partial<Breaker> = {}): Breaker => ({
  gateway: 'gateway-1',
  instance_id: 'gateway-1',
  upstream_id: upstream,
  upstream_model: 'm',
  circuit: 'closed',
  obstacle: null,
  retry_at: null,
  in_flight: 1,
  latency_ms: null,
  opened: 0,
  seen_at: '2026-03-01T00:00:00Z',
  ...more,
})

describe('a breaker', () => {
  it.each([
    ['closed', null, 'closed'],
    ['closed', 'cooling_down', 'held'],
    ['half_open', 'probing', 'half_open'],
    ['open', 'circuit_open', 'open'],
  ] as const)('%s with %s is %s', (circuit, obstacle, expected) => {
    expect(circuitOf({ circuit, obstacle })).toBe(expected)
  })
})

it('says of an upstream the worst that any gateway finds, and what they measured', () => {
  const found = standingsOf([
    breaker('a', { latency_ms: 10 }),
    breaker('a', { latency_ms: 30, circuit: 'open', obstacle: 'circuit_open', in_flight: 0 }),
    breaker('a', { obstacle: 'ejected' }),
    breaker('b'),
  ])
  expect([...found]).toEqual([
    ['a', { worst: 'open', alike: 1, all: 3, inFlight: 2, latencyMs: 20 }],
    ['b', { worst: 'closed', alike: 1, all: 1, inFlight: 1, latencyMs: null }],
  ])
})
