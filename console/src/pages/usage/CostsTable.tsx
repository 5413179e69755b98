import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CostRow } from '@/api/types'
import { moneys } from '@/format/money'
import { count, duration, percent } from '@/format/number'
import { Card, CardHeader } from '@/ui/card'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { groupId, inputOf, type Metric, metricOf, outputOf, ranked } from './figures'
import { useGroupNames } from './group-names'
import { COLUMNS, type Dimension } from './search'

interface CostsTableProps {
  rows: CostRow[]
  dimensions: Dimension[]
  metric: Metric
  currency: string
  /** Median time to the first token in milliseconds by model, where it is known. */
  ttftMs: ReadonlyMap<string, number>
  /** Undefined where no row can be looked into more closely. */
  onOpen: ((row: CostRow) => void) | undefined
}

/** The sums of each group, by the chosen metric and the largest first. */
export function CostsTable({
  rows,
  dimensions,
  metric,
  currency,
  ttftMs,
  onOpen,
}: CostsTableProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const nameOf = useGroupNames()
  const sorted = useMemo(() => ranked(rows, metric, currency), [rows, metric, currency])
  const whole = sorted.reduce((sum, row) => sum + metricOf(row, metric, currency), 0)
  const [first = 'model', ...others] = dimensions
  const restOf = (row: CostRow) => others.map((one) => nameOf(row, one)).join(' · ')
  const figure = (id: string, header: string, cell: (row: CostRow) => string) => ({
    id,
    header,
    align: 'end' as const,
    cell: (row: CostRow) => <span className="tabular">{cell(row)}</span>,
  })
  const columns: VirtualColumn<CostRow>[] = [
    {
      id: first,
      header: t(`usage.dimensions.${first}`),
      opens: true,
      cell: (row) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">{nameOf(row, first)}</span>
          {others.length > 0 ? (
            <span className="block truncate text-ink-soft text-xs 2xl:hidden">{restOf(row)}</span>
          ) : null}
        </span>
      ),
    },
    ...others.map(
      (one): VirtualColumn<CostRow> => ({
        id: one,
        header: t(`usage.dimensions.${one}`),
        width: 'w-56',
        from: '2xl',
        cell: (row) => <span className="block truncate text-ink-soft">{nameOf(row, one)}</span>,
      }),
    ),
    {
      id: 'share',
      header: t('usage.columns.share'),
      width: 'w-32 2xl:w-56',
      from: 'lg',
      cell: (row) => (
        <Share
          share={whole > 0 ? metricOf(row, metric, currency) / whole : 0}
          language={language}
        />
      ),
    },
    {
      ...figure('requests', t('usage.columns.requests'), (row) => count(row.requests, language)),
      width: 'w-24 sm:w-28',
    },
    {
      ...figure('errors', t('usage.columns.errors'), (row) =>
        row.errors === 0 ? t('common.none') : percent(row.errors / row.requests, language),
      ),
      width: 'w-20',
      from: 'lg',
    },
    {
      ...figure('input', t('usage.columns.input'), (row) => count(inputOf(row), language)),
      width: 'w-24',
      from: 'md',
    },
    {
      ...figure('output', t('usage.columns.output'), (row) => count(outputOf(row), language)),
      width: 'w-24',
      from: 'md',
    },
    ...(ttftMs.size > 0
      ? [
          {
            ...figure('ttft', t('usage.columns.ttft'), (row) => {
              const ms = ttftMs.get(row.group[COLUMNS.model] ?? '')
              return ms === undefined ? t('common.none') : duration(ms, language)
            }),
            width: 'w-40',
            from: 'xl' as const,
          },
        ]
      : []),
    {
      ...figure(
        'saved',
        t('usage.columns.saved'),
        (row) => moneys(row.saved, language) || t('common.none'),
      ),
      width: 'w-36',
      from: '2xl',
    },
    {
      id: 'cost',
      header: t('usage.columns.cost'),
      width: 'w-28 sm:w-36',
      align: 'end',
      cell: (row) => (
        <span className="tabular block truncate">
          {moneys(row.costs, language) || t('common.none')}
          {row.unpriced > 0 ? (
            <span className="block truncate text-2xs text-warn-ink">
              {t('usage.unpriced', { count: row.unpriced })}
            </span>
          ) : null}
        </span>
      ),
    },
  ]
  const title = t('usage.groups', { count: sorted.length })
  return (
    <Card aria-labelledby="groups">
      <CardHeader id="groups" title={title} hint={onOpen ? t('usage.openHint') : undefined} />
      <VirtualTable
        label={title}
        columns={columns}
        rows={sorted}
        rowId={groupId}
        {...(onOpen ? { onOpen } : {})}
        openLabel={restOf}
        className="max-h-[calc(100dvh-12rem)]"
      />
    </Card>
  )
}

function Share({ share, language }: { share: number; language: string }) {
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-hover">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.min(share, 1) * 100}%` }}
        />
      </span>
      <span className="tabular w-10 text-end text-ink-soft text-xs">
        {percent(share, language)}
      </span>
    </span>
  )
}
