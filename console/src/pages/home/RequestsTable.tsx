import { Activity } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsageRecord } from '@/api/types'
import { count, duration } from '@/format/number'
import { zoneName } from '@/format/time'
import { optionalText } from '@/i18n'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { columnsOf, DataTable } from '@/ui/data-table'
import { Empty } from '@/ui/empty'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { ClockTime } from '@/ui/time'
import { firstTokenMs, inputTokens, isFailure, outputTokens } from './figures'

const SHOWN = 15

const helper = columnsOf<UsageRecord>()

/** The latest calls of the project, as they happen. */
export function RequestsTable({ records }: { records: UsageRecord[] | undefined }) {
  const { t, i18n } = useTranslation()
  const [openedAt] = useState(() => Date.now())
  const [shown, setShown] = useState(SHOWN)
  const language = i18n.language
  const columns = useMemo(
    () =>
      helper.columns([
        helper.accessor((row) => Date.parse(row.at), {
          id: 'at',
          header: t('requests.time', { zone: zoneName(language) }),
          cell: ({ row }) => (
            <span className="text-ink-soft">
              <ClockTime at={row.original.at} />
            </span>
          ),
        }),
        helper.accessor('model', {
          header: t('requests.model'),
          cell: ({ row: { original } }) => (
            <span className="block max-w-64 truncate font-medium text-ink">
              {original.model}
              <span className="ms-2 font-normal text-ink-faint max-sm:hidden">
                {optionalText(t, `operations.${original.operation}`) ?? original.operation}
              </span>
            </span>
          ),
        }),
        helper.accessor('status', {
          header: t('requests.status'),
          cell: ({ row: { original } }) => (
            <Badge dot tone={isFailure(original) ? 'bad' : original.status >= 400 ? 'idle' : 'ok'}>
              <span className="tabular">{original.status}</span>
              {original.outcome === 'ok' ? null : (
                <span className="max-md:hidden">
                  {optionalText(t, `outcomes.${original.outcome}`) ?? original.outcome}
                </span>
              )}
            </Badge>
          ),
        }),
        helper.accessor(firstTokenMs, {
          id: 'ttft_ms',
          header: t('requests.ttft'),
          cell: ({ getValue }) => {
            const ms = getValue()
            return (
              <span className="tabular whitespace-nowrap text-ink-soft">
                {ms === null ? t('common.none') : duration(ms, language)}
              </span>
            )
          },
        }),
        helper.accessor('duration_ms', {
          header: t('requests.duration'),
          cell: ({ getValue }) => (
            <span className="tabular whitespace-nowrap text-ink-soft">
              {duration(getValue(), language)}
            </span>
          ),
        }),
        helper.accessor((row) => inputTokens(row) + outputTokens(row), {
          id: 'tokens',
          header: t('requests.tokens'),
          cell: ({ row: { original } }) => (
            <span className="tabular whitespace-nowrap text-ink-soft">
              {t('requests.tokenFlow', {
                input: count(inputTokens(original), language),
                output: count(outputTokens(original), language),
              })}
            </span>
          ),
        }),
        helper.accessor((row) => row.key_name ?? '', {
          id: 'key',
          header: t('requests.key'),
          cell: ({ row: { original } }) => (
            <span className="block max-w-40 truncate text-ink-soft">
              {original.key_name ??
                (original.key_id ? original.key_id.slice(0, 12) : t('pages.playground'))}
            </span>
          ),
        }),
      ]),
    [t, language],
  )

  return (
    <Card aria-labelledby="requests">
      <CardHeader id="requests" title={t('requests.title')}>
        {records && records.length > shown ? (
          <Button size="sm" tone="ghost" onClick={() => setShown(shown + 35)}>
            {t('requests.more')}
          </Button>
        ) : null}
      </CardHeader>
      {records === undefined ? (
        <SkeletonRows />
      ) : records.length === 0 ? (
        <Empty icon={Activity} title={t('requests.emptyTitle')}>
          {t('requests.emptyText')}
        </Empty>
      ) : (
        <DataTable
          label={t('requests.title')}
          columns={columns}
          looks={{
            ttft_ms: { align: 'end', from: 'md' },
            duration_ms: { align: 'end' },
            tokens: { align: 'end', from: 'sm' },
            key: { from: 'lg' },
          }}
          rows={records.slice(0, shown)}
          rowId={(row) => row.id}
          isNew={(row) => Date.parse(row.at) > openedAt}
        />
      )}
    </Card>
  )
}
