import { useQuery } from '@tanstack/react-query'
import { FileSpreadsheet, FileText, Receipt, Sheet } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '@/api/client'
import type { CostRow } from '@/api/types'
import { moneys } from '@/format/money'
import { count } from '@/format/number'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { groupId, mainCurrency, ranked, tokensOf } from './figures'
import { useGroupNames } from './group-names'
import { monthName, monthOf, monthsOf, spanOfMonth } from './months'
import { costsQuery } from './queries'

/** The present month and a year before it. */
const MONTHS = 13
const FILES = [
  ['pdf', FileText],
  ['xlsx', FileSpreadsheet],
  ['csv', Sheet],
] as const

interface ChargebackProps {
  /** Whose costs; all that the reader may see without one. */
  orgId: string | undefined
  /** `2026-10`; by default the last one that is over. */
  month: string | undefined
  now: number
  onMonth: (month: string | undefined) => void
}

/** What a month cost, by organisation and project, for whoever pays for it; and as files. */
export function Chargeback({ orgId, month, now, onMonth }: ChargebackProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const nameOf = useGroupNames()
  const usual = monthOf(now, 1)
  const shown = month ?? usual
  const isOver = shown < monthOf(now)
  const months = monthsOf(now, MONTHS)
  const report = useQuery(
    costsQuery(
      {
        ...spanOfMonth(shown),
        group_by: ['organization', 'project'],
        ...(orgId ? { org_id: orgId } : {}),
      },
      !isOver,
    ),
  )
  const totals = report.data?.totals
  const rows = useMemo(
    () =>
      report.data ? ranked(report.data.items, 'cost', mainCurrency(report.data.totals)) : undefined,
    [report.data],
  )
  const columns: VirtualColumn<CostRow>[] = [
    {
      id: 'project',
      header: t('usage.dimensions.project'),
      cell: (row) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">{nameOf(row, 'project')}</span>
          <span className="block truncate text-ink-soft text-xs lg:hidden">
            {nameOf(row, 'organization')}
          </span>
        </span>
      ),
    },
    {
      id: 'organization',
      header: t('usage.dimensions.organization'),
      width: 'w-56',
      from: 'lg',
      cell: (row) => (
        <span className="block truncate text-ink-soft">{nameOf(row, 'organization')}</span>
      ),
    },
    {
      id: 'requests',
      header: t('usage.columns.requests'),
      width: 'w-24',
      align: 'end',
      from: 'sm',
      cell: (row) => <span className="tabular">{count(row.requests, language)}</span>,
    },
    {
      id: 'tokens',
      header: t('usage.metrics.tokens'),
      width: 'w-28',
      align: 'end',
      from: 'md',
      cell: (row) => <span className="tabular">{count(tokensOf(row), language)}</span>,
    },
    {
      id: 'unpriced',
      header: t('chargeback.unpriced'),
      width: 'w-36',
      align: 'end',
      from: 'xl',
      cell: (row) => (
        <span className="tabular">
          {row.unpriced === 0 ? t('common.none') : count(row.unpriced, language)}
        </span>
      ),
    },
    {
      id: 'cost',
      header: t('usage.columns.cost'),
      width: 'w-32 sm:w-44',
      align: 'end',
      cell: (row) => (
        <span className="tabular block truncate">
          {moneys(row.costs, language) || t('common.none')}
        </span>
      ),
    },
  ]
  return (
    <Card aria-labelledby="chargeback">
      <CardHeader
        id="chargeback"
        title={t('chargeback.title', { month: monthName(shown, language) })}
        hint={t(isOver ? 'usage.courseHint' : 'chargeback.soFar')}
      >
        <Select
          aria-label={t('chargeback.month')}
          value={shown}
          onChange={({ target: { value } }) => onMonth(value === usual ? undefined : value)}
        >
          {(months.includes(shown) ? months : [...months, shown]).map((one) => (
            <option key={one} value={one}>
              {monthName(one, language)}
            </option>
          ))}
        </Select>
      </CardHeader>
      {report.isError ? (
        <Problem error={report.error} onRetry={() => report.refetch()} className="m-4" />
      ) : rows === undefined || totals === undefined ? (
        <SkeletonRows rows={6} />
      ) : rows.length === 0 ? (
        <Empty icon={Receipt} title={t('chargeback.emptyTitle')}>
          {t('chargeback.emptyText')}
        </Empty>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-x-8 gap-y-3 px-4 pb-4 sm:px-5">
            <p>
              <span className="block text-ink-soft text-xs">{t('chargeback.total')}</span>
              <span data-total className="tabular block font-semibold text-2xl text-ink">
                {moneys(totals.costs, language) || t('common.none')}
              </span>
              {totals.unpriced > 0 ? (
                <span className="text-warn-ink text-xs">
                  {t('usage.unpriced', { count: totals.unpriced })}
                </span>
              ) : null}
            </p>
            <div className="flex flex-wrap gap-2 sm:ms-auto">
              {FILES.map(([format, Icon]) => (
                <Button key={format} asChild>
                  <a
                    href={address('/costs/chargeback', {
                      month: shown,
                      org_id: orgId,
                      format,
                      lang: language.startsWith('zh') ? 'zh' : 'en',
                    })}
                    download={`chargeback-${shown}.${format}`}
                    data-file={format}
                  >
                    <Icon aria-hidden />
                    {t(`chargeback.files.${format}`)}
                  </a>
                </Button>
              ))}
            </div>
          </div>
          <VirtualTable
            label={t('chargeback.title', { month: monthName(shown, language) })}
            columns={columns}
            rows={rows}
            rowId={groupId}
            className="max-h-[calc(100dvh-18rem)]"
          />
        </>
      )}
    </Card>
  )
}
