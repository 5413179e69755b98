import { useQuery } from '@tanstack/react-query'
import { TrendingUp, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { CurrencyForecast } from '@/api/types'
import { money } from '@/format/money'
import { percent } from '@/format/number'
import { stepLabel } from '@/format/time'
import { Card, CardHeader } from '@/ui/card'
import { cx } from '@/ui/cx'
import { Empty } from '@/ui/empty'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { distanceOf, topOf, unusualOf } from './forecast'
import { monthName } from './months'
import { type CostQuestion, forecastQuery } from './queries'

type Day = CurrencyForecast['days'][number]

/** What this month will have cost, and which of the last days were unlike others. */
export function Forecast({
  question,
}: {
  question: Pick<CostQuestion, 'org_id' | 'project_id' | 'model'>
}) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useQuery(forecastQuery(question))
  if (error) return <Problem error={error} onRetry={() => void refetch()} />
  if (!data) {
    return (
      <Card>
        <SkeletonRows rows={8} />
      </Card>
    )
  }
  if (data.currencies.length === 0) {
    return (
      <Card>
        <Empty icon={TrendingUp} title={t('forecast.emptyTitle')}>
          {t('forecast.emptyText')}
        </Empty>
      </Card>
    )
  }
  return (
    <div className="space-y-4">
      {data.currencies.map((one) => (
        <OneCurrency
          key={one.currency}
          forecast={one}
          month={monthName(data.month, i18n.language)}
        />
      ))}
    </div>
  )
}

function OneCurrency({ forecast, month }: { forecast: CurrencyForecast; month: string }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const { currency, days } = forecast
  const amount = (nanos: number) => money(nanos, currency, language)
  const unusual = unusualOf(days)
  const id = `forecast-${currency}`
  return (
    <Card aria-labelledby={id} data-currency={currency}>
      <CardHeader
        id={id}
        title={t('forecast.title', { month, currency })}
        hint={t('usage.courseHint')}
      />
      <div className="space-y-5 px-4 pb-5 sm:px-5">
        <Facts
          facts={[
            { id: 'so-far', name: t('forecast.soFar'), value: amount(forecast.so_far) },
            {
              id: 'expected',
              name: t('forecast.expected'),
              value:
                forecast.expected === null ? (
                  <span className="text-ink-soft">{t('forecast.tooEarly')}</span>
                ) : (
                  <span className="font-semibold">{amount(forecast.expected)}</span>
                ),
            },
            {
              id: 'range',
              name: t('forecast.range'),
              value:
                forecast.low === null || forecast.high === null
                  ? null
                  : t('forecast.between', {
                      low: amount(forecast.low),
                      high: amount(forecast.high),
                    }),
            },
          ]}
        />
        {days.length === 0 ? (
          <p className="text-ink-soft text-sm">{t('forecast.noDays')}</p>
        ) : (
          <>
            <Days days={days} format={amount} />
            <section aria-labelledby={`${id}-unusual`}>
              <h3 id={`${id}-unusual`} className="font-medium text-ink text-sm">
                {t('forecast.unusual')}
              </h3>
              {unusual.length === 0 ? (
                <p className="mt-1 text-ink-soft text-sm">{t('forecast.noneUnusual')}</p>
              ) : (
                <ul className="mt-2 space-y-1.5">
                  {unusual.map((day) => (
                    <UnusualDay key={day.start} day={day} format={amount} />
                  ))}
                </ul>
              )}
            </section>
          </>
        )}
      </div>
    </Card>
  )
}

interface DaysProps {
  days: Day[]
  format: (nanos: number) => string
}

/** A bar for each day, with a line where it was expected to end; the list below says it in words. */
function Days({ days, format }: DaysProps) {
  const { t, i18n } = useTranslation()
  const top = topOf(days)
  const share = (value: number) => `${top > 0 ? (value / top) * 100 : 0}%`
  const label = (start: string) => stepLabel(Date.parse(start), 'day', i18n.language)
  return (
    <div aria-hidden>
      <p className="tabular text-2xs text-ink-faint">{top > 0 ? format(top) : null}</p>
      <div className="flex h-48 items-end gap-[2px] border-(--chart-grid) border-t border-b 2xl:h-64">
        {days.map((day) => (
          <div
            key={day.start}
            data-day={day.start}
            data-unlike={day.unlike ?? undefined}
            className="group relative flex h-full min-w-0 flex-1 items-end hover:bg-hover/60"
          >
            <span
              data-cost
              className={cx('w-full', day.unlike ? 'bg-warn' : 'bg-(--chart-1)')}
              style={{ height: share(day.cost) }}
            />
            {day.expected === null ? null : (
              <span
                className="absolute inset-x-0 border-ink border-t-2 border-dotted"
                style={{ bottom: share(day.expected) }}
              />
            )}
            {day.unlike ? (
              <TriangleAlert className="absolute start-1/2 top-1 size-3.5 -translate-x-1/2 text-warn-ink" />
            ) : null}
            <div className="pointer-events-none absolute bottom-full left-1/2 z-10 hidden w-max max-w-56 -translate-x-1/2 rounded-lg border border-line bg-raised px-3 py-2 text-xs shadow-float group-hover:block">
              <p className="tabular text-ink-faint">{label(day.start)}</p>
              <p className="tabular mt-1 font-medium text-ink">{format(day.cost)}</p>
              {day.expected === null ? null : (
                <p className="tabular text-ink-soft">
                  {t('forecast.expectedDay', { amount: format(day.expected) })}
                </p>
              )}
            </div>
          </div>
        ))}
      </div>
      <div className="tabular mt-1 flex justify-between text-2xs text-ink-faint">
        <span>{days[0] ? label(days[0].start) : null}</span>
        <span>{days.at(-1) ? label(days.at(-1)?.start ?? '') : null}</span>
      </div>
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-xs">
        <span className="flex items-center gap-1.5">
          <span className="inline-block size-2 rounded-full bg-(--chart-1)" />
          {t('forecast.legend.cost')}
        </span>
        <span className="flex items-center gap-1.5">
          <span className="inline-block w-4 border-ink border-t-2 border-dotted" />
          {t('forecast.legend.expected')}
        </span>
        <span className="flex items-center gap-1.5">
          <TriangleAlert className="size-3 text-warn-ink" />
          {t('forecast.legend.unusual')}
        </span>
      </p>
    </div>
  )
}

function UnusualDay({ day, format }: { day: Day; format: (nanos: number) => string }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const distance = distanceOf(day)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border border-line px-3 py-1.5 text-sm">
      <span className="w-20 font-medium text-ink">
        {stepLabel(Date.parse(day.start), 'day', language)}
      </span>
      <Badge tone="warn">{t(`forecast.unlike.${day.unlike ?? 'more'}`)}</Badge>
      <span className="tabular text-ink">{format(day.cost)}</span>
      {day.expected === null ? null : (
        <span className="tabular text-ink-soft">
          {t('forecast.expectedDay', { amount: format(day.expected) })}
        </span>
      )}
      {distance === null ? null : (
        <span className="tabular ms-auto text-ink-soft">
          {`${distance > 0 ? '+' : '−'}${percent(Math.abs(distance), language)}`}
        </span>
      )}
    </li>
  )
}
