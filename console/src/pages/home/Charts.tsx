import { lazy, type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { chunk } from '@/app/chunk'
import { count, duration, percent } from '@/format/number'
import { Card } from '@/ui/card'
import { Skeleton } from '@/ui/skeleton'
import type { Figures } from './figures'

// The chart library is larger than the rest of the page; the figures need not wait for it.
const TimeChart = lazy(chunk(() => import('./TimeChart')))

interface ChartsProps {
  /** `null` while they are on their way. */
  figures: Figures | null
  windowMinutes: number
}

/** Traffic, time to first token and tokens of the chosen window. */
export function Charts({ figures, windowMinutes }: ChartsProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  if (!figures) {
    return (
      <div className="grid gap-4 md:grid-cols-3">
        {(['a', 'b', 'c'] as const).map((place) => (
          <Skeleton key={place} className="h-52 rounded-xl" />
        ))}
      </div>
    )
  }
  const ms = (value: number | null) =>
    value === null ? t('common.none') : duration(value, language)
  return (
    <div className="grid gap-4 md:grid-cols-3">
      <ChartCard
        title={t('charts.requests')}
        figure={count(figures.requests, language)}
        note={
          figures.failed > 0
            ? t('charts.failed', {
                share: percent(figures.failed / figures.requests, language),
              })
            : t('charts.noneFailed')
        }
        alarming={figures.failed > 0}
      >
        <TimeChart
          kind="bars"
          buckets={figures.buckets}
          windowMinutes={windowMinutes}
          format={(value) => count(value, language)}
          series={[
            { field: 'ok', name: t('charts.answered'), color: 'var(--chart-1)' },
            { field: 'failed', name: t('charts.failedName'), color: 'var(--chart-bad)' },
          ]}
        />
      </ChartCard>
      <ChartCard
        title={t('charts.ttft')}
        figure={ms(figures.ttftP50)}
        note={t('charts.p95', { value: ms(figures.ttftP95) })}
      >
        <TimeChart
          kind="lines"
          buckets={figures.buckets}
          windowMinutes={windowMinutes}
          format={(value) => duration(value, language)}
          series={[
            { field: 'ttftP50', name: t('charts.median'), color: 'var(--chart-1)' },
            { field: 'ttftP95', name: t('charts.p95Name'), color: 'var(--chart-2)' },
          ]}
        />
      </ChartCard>
      <ChartCard
        title={t('charts.tokens')}
        figure={count(figures.input + figures.output, language)}
        note={t('charts.tokenSplit', {
          input: count(figures.input, language),
          output: count(figures.output, language),
        })}
      >
        <TimeChart
          kind="bars"
          buckets={figures.buckets}
          windowMinutes={windowMinutes}
          format={(value) => count(value, language)}
          series={[
            { field: 'input', name: t('charts.input'), color: 'var(--chart-3)' },
            { field: 'output', name: t('charts.output'), color: 'var(--chart-2)' },
          ]}
        />
      </ChartCard>
    </div>
  )
}

interface ChartCardProps {
  title: string
  figure: string
  note: string
  alarming?: boolean
  children: ReactNode
}

/** One figure large, its company small, its course below. The drawing repeats what words say. */
function ChartCard({ title, figure, note, alarming = false, children }: ChartCardProps) {
  return (
    <Card className="px-4 pt-3.5 pb-2 sm:px-5">
      <h2 className="text-ink-soft text-sm">{title}</h2>
      <div className="mt-0.5 flex flex-wrap items-baseline gap-x-2.5">
        <p className="tabular font-semibold text-2xl text-ink tracking-tight">{figure}</p>
        <p className={alarming ? 'tabular text-bad-ink text-xs' : 'tabular text-ink-faint text-xs'}>
          {note}
        </p>
      </div>
      <div aria-hidden className="mt-2 h-28 2xl:h-36">
        <Suspense fallback={<Skeleton className="h-full" />}>{children}</Suspense>
      </div>
    </Card>
  )
}
