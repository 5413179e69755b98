import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChartColumn, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CostRow } from '@/api/types'
import { money, moneys } from '@/format/money'
import { count } from '@/format/number'
import { bucketsOf, type Range } from '@/format/range'
import { stepLabel } from '@/format/time'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { StackedBars, Swatch } from '@/ui/stacked-bars'
import { CostsTable } from './CostsTable'
import {
  METRICS,
  type Metric,
  mainCurrency,
  OTHERS,
  seriesOf,
  stepRows,
  stepsOf,
  tokensOf,
} from './figures'
import { useGroupNames } from './group-names'
import { intervalOf, startsOf } from './intervals'
import { type CostQuestion, costsQuery, summaryQuery } from './queries'
import { type Dimension, INTERVALS, type Interval } from './search'

/** Steps of a chart whose range is too short for hours. */
const STEPS = 25
const SERIES = 6
const COLORS = [1, 2, 3, 4, 5, 6].map((place) => `var(--chart-${place})`)

interface ReportProps {
  question: CostQuestion
  dimensions: Dimension[]
  metric: Metric
  asked: Interval | undefined
  now: number
  onMetric: (metric: Metric) => void
  onInterval: (interval: Interval | undefined) => void
  onOpen: ((row: CostRow) => void) | undefined
}

/** The sums of one question: all of them, over time, and group by group. */
export function Report({
  question,
  dimensions,
  metric,
  asked,
  now,
  onMetric,
  onInterval,
  onOpen,
}: ReportProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const total = useQuery(costsQuery(question))
  const projectId = dimensions.join() === 'model' ? question.project_id : undefined
  const latency = useQuery({
    ...summaryQuery(projectId ?? '', question),
    enabled: projectId !== undefined,
  })
  const ttftMs = useMemo(
    () =>
      new Map(
        (latency.data?.items ?? []).flatMap(({ model, ttft_ms_p50 }) =>
          ttft_ms_p50 === null ? [] : [[model, ttft_ms_p50] as const],
        ),
      ),
    [latency.data],
  )
  if (total.isError) return <Problem error={total.error} onRetry={() => total.refetch()} />
  if (!total.data) {
    return (
      <Card>
        <SkeletonRows rows={8} />
      </Card>
    )
  }
  const { items, totals } = total.data
  if (items.length === 0) {
    return (
      <Card>
        <Empty
          icon={ChartColumn}
          title={t('usage.emptyTitle')}
          action={
            <Button asChild tone="primary">
              <Link to="/playground">{t('usage.emptyAction')}</Link>
            </Button>
          }
        >
          {t('usage.emptyText')}
        </Empty>
      </Card>
    )
  }
  const currency = mainCurrency(totals)
  const figures: Record<Metric, string> = {
    requests: count(totals.requests, language),
    tokens: count(tokensOf(totals), language),
    cost: moneys(totals.costs, language) || t('common.none'),
    errors: count(totals.errors, language),
  }
  const saved = moneys(totals.saved, language)
  return (
    <div className="space-y-4">
      <Card aria-labelledby="course">
        <CardHeader id="course" title={t('usage.course')} hint={t('usage.courseHint')}>
          <Select
            aria-label={t('usage.interval')}
            value={asked ?? ''}
            onChange={(event) => onInterval(INTERVALS.find((one) => one === event.target.value))}
          >
            <option value="">{t('usage.intervals.auto')}</option>
            {INTERVALS.map((one) => (
              <option key={one} value={one}>
                {t(`usage.intervals.${one}`)}
              </option>
            ))}
          </Select>
        </CardHeader>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend to be seen */}
        <div
          role="group"
          aria-label={t('usage.metric')}
          className="grid grid-cols-2 gap-2 px-4 sm:grid-cols-4 sm:px-5"
        >
          {METRICS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={metric === one}
              onClick={() => onMetric(one)}
              className="rounded-lg border border-line px-3 py-2 text-start transition-colors hover:bg-hover aria-pressed:border-accent-ink aria-pressed:bg-accent-soft"
            >
              <span className="block text-ink-soft text-xs">{t(`usage.metrics.${one}`)}</span>
              <span className="tabular block font-semibold text-ink text-xl">{figures[one]}</span>
            </button>
          ))}
        </div>
        {totals.unpriced > 0 || saved ? (
          <div className="flex flex-wrap gap-x-6 gap-y-1 px-4 pt-3 text-xs sm:px-5">
            {totals.unpriced > 0 ? (
              <p className="flex items-center gap-1.5 text-warn-ink">
                <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
                {t('usage.unpriced', { count: totals.unpriced })}
                <Link to="/models" className="underline underline-offset-2">
                  {t('usage.givePrices')}
                </Link>
              </p>
            ) : null}
            {saved ? (
              <p className="tabular text-ink-soft">{t('usage.saved', { amount: saved })}</p>
            ) : null}
          </div>
        ) : null}
        <Course
          question={question}
          rows={items}
          dimensions={dimensions}
          metric={metric}
          currency={currency}
          asked={asked}
          now={now}
        />
      </Card>
      <CostsTable
        rows={items}
        dimensions={dimensions}
        metric={metric}
        currency={currency}
        ttftMs={ttftMs}
        onOpen={onOpen}
      />
    </div>
  )
}

interface CourseProps {
  question: CostQuestion
  rows: CostRow[]
  dimensions: Dimension[]
  metric: Metric
  currency: string
  asked: Interval | undefined
  now: number
}

/** The metric over time, stacked by the largest groups. */
function Course({ question, rows, dimensions, metric, currency, asked, now }: CourseProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const nameOf = useGroupNames()
  const range: Range = question
  const interval = intervalOf(range, asked, now)
  const split = useQuery({
    ...costsQuery({ ...question, interval: interval ?? undefined }),
    enabled: interval !== null,
  })
  // Control knows no step shorter than an hour: short ranges are asked about step by step.
  const buckets = interval === null ? bucketsOf(range, STEPS, now) : []
  const parts = useQueries({
    queries: buckets.map(({ since, until }) =>
      costsQuery(
        {
          ...question,
          since: new Date(since).toISOString(),
          until: new Date(until).toISOString(),
        },
        until > now,
      ),
    ),
  })
  const failed = split.error ?? parts.find(({ error }) => error)?.error
  if (failed) return <Problem error={failed} className="m-4" />
  const steps =
    interval === null
      ? buckets.map(({ since }, index) => ({ at: since, rows: parts[index]?.data?.items ?? null }))
      : stepRows(split.data?.items, startsOf(range, interval, now))
  const series = seriesOf(rows, metric, currency, SERIES).map(({ id, row }, index) => ({
    id,
    name: row ? dimensions.map((one) => nameOf(row, one)).join(' · ') : t('usage.others'),
    color: COLORS[index] ?? 'var(--chart-6)',
  }))
  const format = (value: number) =>
    metric === 'cost' ? money(value, currency, language) : count(value, language)
  return (
    <div className="px-4 pt-3 pb-4 sm:px-5">
      <StackedBars
        className="h-56 2xl:h-80"
        series={series}
        format={format}
        steps={stepsOf(
          steps,
          series.map(({ id }) => id).filter((id) => id !== OTHERS),
          metric,
          currency,
        ).map((step) => ({ ...step, label: stepLabel(step.at, interval, language) }))}
      />
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-xs">
        {series.map(({ id, name, color }) => (
          <li key={id} className="flex min-w-0 items-center gap-1.5">
            <Swatch color={color} />
            <span className="truncate">{name}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
