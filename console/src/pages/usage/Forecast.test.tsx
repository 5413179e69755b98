import { screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { CostForecast } from '@/api/types'
import { answering } from '@/testing/fetch'
import { show } from '@/testing/render'
import { Forecast } from './Forecast'

afterEach(() => vi.unstubAllGlobals())

const NANOS = 1e9

const TOLD: CostForecast = {
  month: '2026-03',
  made_at: '2026-03-18T10:00:00Z',
  currencies: [
    {
      currency: 'USD',
      so_far: 119 * NANOS,
      expected: 185.5 * NANOS,
      low: 171.25 * NANOS,
      high: 199.75 * NANOS,
      days: [
        { start: '2026-03-15T00:00:00Z', cost: 5 * NANOS, expected: 5 * NANOS, unlike: null },
        { start: '2026-03-16T00:00:00Z', cost: 40 * NANOS, expected: 8 * NANOS, unlike: 'more' },
        { start: '2026-03-17T00:00:00Z', cost: 10 * NANOS, expected: null, unlike: null },
      ],
    },
  ],
}

it('shows what the API says of a month and of its days', async () => {
  const sent = answering(Response.json(TOLD))
  await show(<Forecast question={{ project_id: 'prj_1' }} />)
  await screen.findByText('March 2026 in USD')
  expect(sent.map(({ url }) => url)).toEqual(['/api/v1/costs/forecast?project_id=prj_1'])

  for (const figure of ['$119.00', '$185.50', '$171.25 to $199.75']) {
    expect(screen.getByText(figure)).toBeTruthy()
  }
  const days = [...document.querySelectorAll<HTMLElement>('[data-day]')]
  expect(days.map(({ dataset }) => [dataset.day, dataset.unlike])).toEqual([
    ['2026-03-15T00:00:00Z', undefined],
    ['2026-03-16T00:00:00Z', 'more'],
    ['2026-03-17T00:00:00Z', undefined],
  ])
  // The dearest day is as high as the chart; the others are their share of it.
  const heights = days.map((day) => day.querySelector<HTMLElement>('[data-cost]')?.style.height)
  expect(heights).toEqual(['12.5%', '100%', '25%'])

  const [unusual, ...others] = screen.getAllByRole('listitem')
  expect(others).toEqual([])
  if (!unusual) throw new Error('no unusual day is shown')
  for (const words of ['Mar 16', 'far more', '$40.00', 'expected $8.00', '+400%']) {
    expect(within(unusual).getByText(words)).toBeTruthy()
  }
})

it('says what is too early to tell, and what is not there at all', async () => {
  const [dollars] = TOLD.currencies
  const early = { ...dollars, expected: null, low: null, high: null, days: [] }
  answering(Response.json({ ...TOLD, currencies: [early] }))
  await show(<Forecast question={{ org_id: 'org_1' }} />)
  expect(await screen.findByText('known after 14 days of calls')).toBeTruthy()
  expect(document.querySelector('[data-day]')).toBeNull()
})
