import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { money } from '@/format/money'
import { count, duration } from '@/format/number'
import { zoneName } from '@/format/time'
import { optionalText } from '@/i18n'
import { ClockTime } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import type { RequestRow } from './rows'
import { StatusBadge } from './StatusBadge'

/** The columns of the requests table; only call records know a question and a session. */
export function useRequestColumns(show: 'calls' | 'records'): VirtualColumn<RequestRow>[] {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  return useMemo(() => {
    const columns: (VirtualColumn<RequestRow> | null)[] = [
      {
        id: 'at',
        header: t('requests.time', { zone: zoneName(language) }),
        width: 'w-24 sm:w-36',
        cell: (row) => (
          <span className="text-ink-soft">
            <ClockTime at={row.at} />
          </span>
        ),
      },
      {
        id: 'model',
        header: t('requests.model'),
        opens: true,
        ...(show === 'calls' ? { width: 'sm:w-52' } : {}),
        cell: (row) => (
          <span className="font-medium text-ink">
            {row.model}
            <span className="ms-2 font-normal text-ink-faint max-lg:hidden">
              {optionalText(t, `operations.${row.operation}`) ?? row.operation}
            </span>
          </span>
        ),
      },
      show === 'calls'
        ? {
            id: 'preview',
            header: t('requestsPage.preview'),
            from: 'sm',
            cell: (row) => (
              <span className="block truncate text-ink-soft">
                {row.preview ?? <span className="text-ink-faint">{t('common.none')}</span>}
              </span>
            ),
          }
        : null,
      {
        id: 'status',
        header: t('requests.status'),
        width: 'w-24 2xl:w-40',
        cell: (row) => <StatusBadge status={row.status} outcome={row.outcome} />,
      },
      {
        id: 'ttft',
        header: t('requests.ttft'),
        width: 'w-28',
        align: 'end',
        from: '2xl',
        cell: (row) => (
          <span className="tabular text-ink-soft">
            {row.stream && row.ttftMs !== null ? duration(row.ttftMs, language) : t('common.none')}
          </span>
        ),
      },
      {
        id: 'duration',
        header: t('requests.duration'),
        width: 'w-24',
        align: 'end',
        from: 'md',
        cell: (row) => <span className="tabular">{duration(row.durationMs, language)}</span>,
      },
      {
        id: 'tokens',
        header: t('requests.tokens'),
        width: 'w-28',
        align: 'end',
        from: 'lg',
        cell: (row) => (
          <span className="tabular text-ink-soft">
            {t('requests.tokenFlow', {
              input: count(row.input, language),
              output: count(row.output, language),
            })}
          </span>
        ),
      },
      {
        id: 'cost',
        header: t('requestsPage.cost'),
        width: 'w-24',
        align: 'end',
        from: 'xl',
        cell: (row) => (
          <span className="tabular text-ink-soft">
            {row.costNanos === null || !row.currency
              ? t('common.none')
              : money(row.costNanos, row.currency, language)}
          </span>
        ),
      },
      {
        id: 'key',
        header: t('requests.key'),
        width: 'w-40',
        from: '2xl',
        cell: (row) => (
          <span className="block truncate text-ink-soft">
            {row.keyName ?? row.keyId ?? t('common.none')}
          </span>
        ),
      },
    ]
    return columns.filter((column) => column !== null)
  }, [t, language, show])
}
