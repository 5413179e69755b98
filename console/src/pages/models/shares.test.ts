import { expect, it } from 'vitest'
import { sharesOf } from './shares'

const target = (weight: number, priority = 0, track: 'stable' | 'canary' = 'stable') => ({
  upstream_id: 'u',
  upstream_model: 'm',
  weight,
  priority,
  track,
})

it('shares calls out among targets of one priority, by weight', () => {
  expect(sharesOf([target(90), target(30), target(100, 1)])).toEqual([
    { share: 0.75, first: true },
    { share: 0.25, first: true },
    { share: 1, first: false },
  ])
})

it('keeps tracks apart: a canary takes nothing from the stable targets', () => {
  expect(sharesOf([target(50), target(50, 0, 'canary')])).toEqual([
    { share: 1, first: true },
    { share: 1, first: false },
  ])
})

it('shares evenly where no weight says otherwise', () => {
  expect(sharesOf([target(0), target(0)]).map(({ share }) => share)).toEqual([0.5, 0.5])
})
