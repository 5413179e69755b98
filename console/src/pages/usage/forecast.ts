/** What a forecast's chart shows of its days. */
import type { CurrencyForecast } from '@/api/types'

type Day = CurrencyForecast['days'][number]

/** The height that a chart of the days needs: of what was, and of what was expected. */
export const topOf = (days: readonly Day[]): number =>
  Math.max(0, ...days.flatMap(({ cost, expected }) => [cost, expected ?? 0]))

/** The days that cost far more or far less than expected, newest first. */
export const unusualOf = (days: readonly Day[]): Day[] =>
  days.filter(({ unlike }) => unlike !== null).toReversed()

/** How far a day was from what was expected, as a share of that; `null` where nothing was. */
export function distanceOf({ cost, expected }: Pick<Day, 'cost' | 'expected'>): number | null {
  return expected === null || expected === 0 ? null : (cost - expected) / expected
}
