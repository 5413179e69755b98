import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChartColumn, Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { type Place, usePlace } from '@/app/session'
import { money, moneys } from '@/format/money'
import { count, duration, percent } from '@/format/number'
import { bucketsOf, type RangeSearch, rangeOf } from '@/format/range'
import { clockTime } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { StackedBars, Swatch } from '@/ui/stacked-bars'
import { TimeRange } from '@/ui/time-range'
import { Budget } from './Budget'
import {
  csvOf,
  inputOf,
  METRICS,
  type Metric,
  mainCurrency,
  OTHERS,
  seriesOf,
  stepsOf,
  tokensOf,
} from './figures'
import { ProjectsTable } from './ProjectsTable'
import { summaryQuery } from './queries'

const USUAL = '24h'
const STEPS = 25
const SERIES = 6
const COLORS = [1, 2, 3, 4, 5, 6].map((place) => `var(--chart-${place})`)

/** What was used and what it cost, over time and by model or project. */
export default function UsagePage() {
  const { t } = useTranslation()
  const place = usePlace()
  const search = useSearch({ from: '/app/usage' })
  const navigate = useNavigate()
  const range: RangeSearch = { range: search.range, since: search.since, until: search.until }
  return (
    <Page
      title={t('pages.usage')}
      description={t('usage.description')}
      actions={
        <>
          <Select
            aria-label={t('usage.by')}
            value={search.by ?? 'model'}
            onChange={(event) =>
              navigate({
                to: '/usage',
                search: (before) => ({
                  ...before,
                  by: event.target.value === 'project' ? 'project' : undefined,
                }),
                replace: true,
              })
            }
          >
            <option value="model">{t('usage.byModel')}</option>
            <option value="project">{t('usage.byProject')}</option>
          </Select>
          <TimeRange
            value={range}
            usual={USUAL}
            onChange={(next) =>
              navigate({
                to: '/usage',
                search: (before) => ({
                  ...before,
                  range: next.range,
                  since: next.since,
                  until: next.until,
                }),
                replace: true,
              })
            }
          />
          <AsCode
            request={{
              method: 'GET',
              path: '/usage/summary',
              query: { ...rangeOf(range, USUAL), project_id: place?.project.id },
              sdk: 'usage.summary.get',
            }}
          />
        </>
      }
    >
      <Permitted permission="usage:read">
        {place === null ? null : search.by === 'project' ? (
          <ProjectsTable place={place} range={rangeOf(range, USUAL)} />
        ) : (
          <>
            <Budget projectId={place.project.id} />
            <ByModel
              key={JSON.stringify(range)}
              place={place}
              range={range}
              metric={search.metric ?? 'requests'}
              onMetric={(metric) =>
                navigate({
                  to: '/usage',
                  search: (before) => ({ ...before, metric }),
                  replace: true,
                })
              }
            />
          </>
        )}
      </Permitted>
    </Page>
  )
}

interface ByModelProps {
  place: Place
  range: RangeSearch
  metric: Metric
  onMetric: (metric: Metric) => void
}

function ByModel({ place, range, metric, onMetric }: ByModelProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const projectId = place.project.id
  const [now] = useState(() => Date.now())
  const whole = useMemo(() => rangeOf(range, USUAL, now), [range, now])
  const buckets = useMemo(() => bucketsOf(whole, STEPS, now), [whole, now])
  const total = useQuery(summaryQuery(projectId, whole))
  const steps = useQueries({
    queries: buckets.map(({ since, until }) =>
      summaryQuery(
        projectId,
        { since: new Date(since).toISOString(), until: new Date(until).toISOString() },
        until > now,
      ),
    ),
  })
  const summaries = steps.map(({ data }) => data)
  const starts = buckets.map(({ since }) => since)
  const items = total.data?.items ?? []
  const currency = mainCurrency(items)
  const names = seriesOf(summaries, metric, currency, SERIES)
  const series = names.map((id, index) => ({
    id,
    name: id === OTHERS ? t('usage.others') : id,
    color: COLORS[index] ?? 'var(--chart-6)',
  }))
  const format = (value: number) =>
    metric === 'cost' ? money(value, currency, language) : count(value, language)
  const download = () => {
    const file = new Blob([csvOf(starts, summaries)], { type: 'text/csv' })
    const url = URL.createObjectURL(file)
    const link = document.createElement('a')
    link.href = url
    link.download = `usage-${place.project.slug}.csv`
    link.click()
    URL.revokeObjectURL(url)
  }
  if (total.isError) return <Problem error={total.error} onRetry={() => total.refetch()} />
  if (!total.data) {
    return (
      <Card>
        <SkeletonRows rows={8} />
      </Card>
    )
  }
  if (items.length === 0) {
    return (
      <Card>
        <Empty icon={ChartColumn} title={t('usage.emptyTitle')}>
          {t('usage.emptyText')}
        </Empty>
      </Card>
    )
  }
  const { totals } = total.data
  const figures: Record<Metric, string> = {
    requests: count(totals.requests, language),
    tokens: count(tokensOf(totals), language),
    cost: moneys(totals.costs, language) || t('common.none'),
    errors: count(totals.errors, language),
  }
  return (
    <div className="space-y-4">
      <Card aria-labelledby="course">
        <CardHeader id="course" title={t('usage.course')}>
          <Button
            icon={<Download aria-hidden />}
            disabled={summaries.includes(undefined)}
            onClick={download}
          >
            {t('usage.csv')}
          </Button>
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
        <div className="px-4 pt-3 pb-4 sm:px-5">
          <StackedBars
            className="h-56 2xl:h-72"
            series={series}
            format={format}
            steps={stepsOf(starts, summaries, names, metric, currency).map((step) => ({
              ...step,
              label: clockTime(new Date(step.at).toISOString(), language),
            }))}
          />
          <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-xs">
            {series.map(({ id, name, color }) => (
              <li key={id} className="flex items-center gap-1.5">
                <Swatch color={color} />
                {name}
              </li>
            ))}
          </ul>
        </div>
      </Card>
      <Card aria-labelledby="by-model">
        <CardHeader id="by-model" title={t('usage.byModel')} />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls */}
        <div
          role="group"
          aria-label={t('usage.byModel')}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="focus-inset overflow-x-auto rounded-b-xl"
        >
          <table className="tabular w-full border-collapse text-sm">
            <thead>
              <tr className="border-line border-b text-ink-faint text-xs">
                {(['model', 'requests', 'errors', 'input', 'output', 'ttft', 'cost'] as const).map(
                  (name) => (
                    <th
                      key={name}
                      scope="col"
                      className="h-9 whitespace-nowrap px-3 text-end font-medium first:ps-5 first:text-start last:pe-5"
                    >
                      {t(`usage.columns.${name}`)}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.model} className="border-line/70 border-b last:border-0">
                  <th
                    scope="row"
                    className="h-11 whitespace-nowrap ps-5 pe-3 text-start font-medium text-ink"
                  >
                    {item.model}
                  </th>
                  <td className="px-3 text-end">{count(item.requests, language)}</td>
                  <td className="px-3 text-end">
                    {item.errors === 0
                      ? t('common.none')
                      : percent(item.errors / item.requests, language)}
                  </td>
                  <td className="px-3 text-end">{count(inputOf(item), language)}</td>
                  <td className="px-3 text-end">
                    {count(item.output_tokens + item.reasoning_tokens, language)}
                  </td>
                  <td className="px-3 text-end">
                    {item.ttft_ms_p50 === null
                      ? t('common.none')
                      : duration(item.ttft_ms_p50, language)}
                  </td>
                  <td className="ps-3 pe-5 text-end">
                    {moneys(item.costs, language) || t('common.none')}
                    {item.unpriced > 0 ? (
                      <span className="block text-2xs text-warn-ink">
                        {t('usage.unpriced', { count: item.unpriced })}
                      </span>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  )
}
