import { describe, expect, it } from 'vitest'
import { MODEL, PART } from '@/testing/samples'
import { healthOf, matches, type Server, targetsOf } from './targets'

const LOCAL: Server = {
  id: 'ups_1',
  name: 'embedded-llm',
  base_url: 'http://127.0.0.1:8081',
}

describe('healthOf', () => {
  it('knows a runtime of ours by its port', () => {
    expect(healthOf(LOCAL, [PART])).toBe('ready')
    expect(healthOf(LOCAL, [{ ...PART, details: { port: 8081 } }])).toBe('ready')
    expect(healthOf(LOCAL, [{ ...PART, state: 'starting' }])).toBe('starting')
    expect(healthOf(LOCAL, [{ ...PART, state: 'lost' }])).toBe('down')
    expect(healthOf(LOCAL, [{ ...PART, details: { url: 'http://127.0.0.1:9999' } }])).toBe(
      'unknown',
    )
  })

  it('claims nothing about servers elsewhere', () => {
    expect(healthOf({ ...LOCAL, base_url: 'https://models.example.com:8081' }, [PART])).toBe(
      'unknown',
    )
  })

  it('calls a target without its upstream down', () => {
    expect(healthOf(undefined, [PART])).toBe('down')
  })
})

it('lists targets in the order in which they are tried', () => {
  const target = (upstream_id: string, priority: number, weight: number) => ({
    upstream_id,
    upstream_model: 'm',
    priority,
    weight,
  })
  const model = {
    ...MODEL,
    targets: [target('c', 1, 100), target('b', 0, 20), target('ups_1', 0, 80)],
  }
  expect(targetsOf(model, [LOCAL], []).map(({ upstream }) => upstream)).toEqual([
    'embedded-llm',
    'b',
    'c',
  ])
})

it('filters by every word, over name, owner and tasks', () => {
  expect(matches(MODEL, 'SMOL chat')).toBe(true)
  expect(matches(MODEL, 'smol embedding')).toBe(false)
  expect(matches(MODEL, '')).toBe(true)
})
