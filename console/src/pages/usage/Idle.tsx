import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Idle as IdleThing } from '@/api/types'
import { useNames } from '@/app/names'
import { moneys } from '@/format/money'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { dearestFirst, idleId } from './idle'
import { idleQuery } from './queries'
import { IDLE_DAYS, IDLE_KINDS } from './search'

interface IdleProps {
  /** Whose; everything that the reader may see without one. */
  orgId: string | undefined
  days: number
  kind: IdleThing['kind'] | undefined
  onChange: (next: { days?: number; kind?: IdleThing['kind'] | undefined }) => void
}

/** What nobody called for a while, what its GPUs cost meanwhile, and the way to where it is. */
export function Idle({ orgId, days, kind, onChange }: IdleProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const names = useNames()
  const report = useQuery(idleQuery(days, orgId))
  const rows = useMemo(
    () =>
      report.data
        ? dearestFirst(report.data.items.filter((one) => !kind || one.kind === kind))
        : undefined,
    [report.data, kind],
  )
  const wasted = report.data ? moneys(report.data.idle_hours, language) : ''
  const place = (one: IdleThing) =>
    one.project_id
      ? names(one.project_id)
      : one.org_id
        ? names(one.org_id)
        : one.kind === 'target' && one.upstream_id
          ? [one.upstream_model, names(one.upstream_id)].filter(Boolean).join(' @ ')
          : t('explain.platform')
  const columns: VirtualColumn<IdleThing>[] = [
    {
      id: 'name',
      header: t('idle.name'),
      cell: (one) => (
        <span className="block min-w-0">
          <IdleLink one={one} />
          <span className="block truncate text-ink-soft text-xs xl:hidden">{place(one)}</span>
        </span>
      ),
    },
    {
      id: 'kind',
      header: t('idle.kind'),
      width: 'w-28',
      cell: (one) => <Badge>{t(`idle.kinds.${one.kind}`)}</Badge>,
    },
    {
      id: 'place',
      header: t('idle.place'),
      width: 'w-60',
      from: 'xl',
      cell: (one) => <span className="block truncate text-ink-soft">{place(one)}</span>,
    },
    {
      id: 'created',
      header: t('keys.created'),
      width: 'w-36',
      from: '2xl',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.created_at} />
        </span>
      ),
    },
    {
      id: 'used',
      header: t('keys.lastUsed'),
      width: 'w-36',
      from: 'md',
      cell: (one) => (
        <span className="text-ink-soft">
          {one.last_used_at ? (
            <RelativeTime at={one.last_used_at} />
          ) : one.kind === 'key' ? (
            t('directory.unused')
          ) : (
            t('common.none')
          )}
        </span>
      ),
    },
    {
      id: 'hourly',
      header: t('idle.hourly'),
      width: 'w-36',
      align: 'end',
      from: 'sm',
      cell: (one) => (
        <span className="tabular">{moneys(one.hourly, language) || t('common.none')}</span>
      ),
    },
    {
      id: 'cost',
      header: t('idle.cost'),
      width: 'w-36',
      align: 'end',
      from: 'sm',
      cell: (one) => (
        <span className="tabular">{moneys(one.cost, language) || t('common.none')}</span>
      ),
    },
  ]
  const spans = IDLE_DAYS.some((one) => one === days) ? IDLE_DAYS : [...IDLE_DAYS, days]
  return (
    <Card aria-labelledby="idle">
      <CardHeader id="idle" title={t('idle.title')} hint={t('idle.hint')}>
        <Select
          aria-label={t('idle.kind')}
          value={kind ?? ''}
          onChange={(event) =>
            onChange({ kind: IDLE_KINDS.find((one) => one === event.target.value) })
          }
        >
          <option value="">{t('common.all')}</option>
          {IDLE_KINDS.map((one) => (
            <option key={one} value={one}>
              {t(`idle.kinds.${one}`)}
            </option>
          ))}
        </Select>
        <Select
          aria-label={t('idle.since')}
          value={days}
          onChange={(event) => onChange({ days: Number(event.target.value) })}
        >
          {spans.map((one) => (
            <option key={one} value={one}>
              {t('idle.days', { count: one })}
            </option>
          ))}
        </Select>
      </CardHeader>
      {report.isError ? (
        <Problem error={report.error} onRetry={() => report.refetch()} className="m-4" />
      ) : rows === undefined ? (
        <SkeletonRows rows={6} />
      ) : (
        <>
          {wasted ? (
            <p className="px-4 pb-4 sm:px-5">
              <span className="block text-ink-soft text-xs">{t('idle.wasted')}</span>
              <span data-wasted className="tabular block font-semibold text-2xl text-ink">
                {wasted}
              </span>
            </p>
          ) : null}
          {rows.length === 0 ? (
            <Empty icon={CircleCheck} title={t('idle.emptyTitle')}>
              {t('idle.emptyText')}
            </Empty>
          ) : (
            <VirtualTable
              label={t('idle.title')}
              columns={columns}
              rows={rows}
              rowId={idleId}
              className="max-h-[calc(100dvh-18rem)]"
            />
          )}
          {report.data?.more_keys ? (
            <p className="border-line border-t px-4 py-3 text-ink-soft text-sm sm:px-5">
              {t('idle.moreKeys')}
            </p>
          ) : null}
        </>
      )}
    </Card>
  )
}

/** The name of an idle thing, which leads to where it can be dealt with. */
function IdleLink({ one }: { one: IdleThing }) {
  const look =
    'block truncate rounded font-medium text-accent-ink underline-offset-2 hover:underline'
  if (one.kind === 'key') {
    return (
      <Link
        to="/keys"
        search={{ key: one.id, ...(one.project_id ? { project: one.project_id } : {}) }}
        className={look}
      >
        {one.name}
      </Link>
    )
  }
  if (one.kind === 'upstream') {
    return (
      <Link to="/upstreams" search={{ upstream: one.id }} className={look}>
        {one.name}
      </Link>
    )
  }
  return (
    <Link to="/models" search={{ open: one.id }} className={look}>
      {one.name}
    </Link>
  )
}
