import { describe, expect, it } from 'vitest'
import type { CanaryFigure } from '@/api/types'
import { allowedText, figureText, missingOf, standingOf } from './canary'

const FIGURE: CanaryFigure = {
  measure: 'errors',
  stable: 0.01,
  canary: 0.2,
  stable_bound: 0.05,
  canary_bound: 0.1,
  allowed: 0.02,
  stable_count: 400,
  canary_count: 60,
  worse: true,
  doubtful: true,
}

describe('a figure of the guard', () => {
  it.each([
    ['errors', 0.2, '20%'],
    ['ttft', 125, '125 ms'],
    ['duration', 1_500, '1.5 s'],
    ['score', 0.8125, '0.813'],
    ['errors', null, null],
  ])('%s %j reads %j', (measure, value, text) => {
    expect(figureText(measure, value, 'en')).toBe(text)
  })

  it('may be worse by a difference, or by a factor of time', () => {
    expect(allowedText(FIGURE, 'en')).toBe('± 2%')
    expect(allowedText({ ...FIGURE, measure: 'ttft', allowed: 1.5 }, 'en')).toBe('× 1.5')
    expect(allowedText({ ...FIGURE, allowed: null }, 'en')).toBeNull()
  })

  it('is proven worse before it is doubtful', () => {
    expect(standingOf(FIGURE)).toBe('worse')
    expect(standingOf({ ...FIGURE, worse: false })).toBe('doubtful')
    expect(standingOf({ ...FIGURE, worse: false, doubtful: false })).toBe('good')
  })
})

describe('what a step waits for', () => {
  const now = Date.parse('2026-03-01T10:05:00Z')
  const release = {
    plan: { steps: [{ weight: 5, hold_s: 600, min_calls: 100 }, { weight: 50 }] },
    step: 0,
    step_began_at: '2026-03-01T10:00:00Z',
  }

  it('is calls and time', () => {
    expect(missingOf(release, { step: 0, figures: [FIGURE] }, now)).toEqual({
      calls: 60,
      of: 100,
      waitMs: 300_000,
    })
  })

  it('begins anew with each step', () => {
    expect(missingOf({ ...release, step: 1 }, { step: 0, figures: [FIGURE] }, now)?.calls).toBe(0)
    expect(missingOf({ ...release, step: null }, undefined, now)).toBeNull()
  })
})
