import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { SloAlert } from '@/api/types'
import { rate } from '@/format/number'
import { spanOf } from '@/format/time'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { alertsQuery, slosQuery } from './queries'

interface AlertsListProps {
  /** Only those of one objective. */
  sloId?: string
  onOpen?: (sloId: string) => void
}

/** The alerts that objectives gave, newest first. */
export function AlertsList({ sloId, onOpen }: AlertsListProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const slos = useQuery(slosQuery)
  const list = useInfiniteQuery(alertsQuery(sloId))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const nameOf = (id: string) => slos.data?.items.find((slo) => slo.id === id)?.name ?? id
  const columns: VirtualColumn<SloAlert>[] = [
    {
      id: 'objective',
      header: t('objectives.objective'),
      opens: true,
      cell: (one) => <span className="font-medium text-ink">{nameOf(one.slo_id)}</span>,
    },
    {
      id: 'severity',
      header: t('objectives.severity'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={one.severity === 'critical' ? 'bad' : 'warn'}>
          {t(`objectives.severities.${one.severity}`)}
        </Badge>
      ),
    },
    {
      id: 'rate',
      header: t('objectives.rate'),
      width: 'w-44',
      align: 'end',
      from: 'md',
      cell: (one) => (
        <span className="tabular text-ink-soft">
          {t('objectives.rateOver', {
            rate: rate(one.rate, language),
            time: spanOf(one.long_s, language),
          })}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={one.state === 'open' ? 'bad' : 'ok'} dot>
          {t(`objectives.alertStates.${one.state}`)}
        </Badge>
      ),
    },
    {
      id: 'opened',
      header: t('objectives.openedAt'),
      width: 'w-36',
      from: 'sm',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.opened_at} />
        </span>
      ),
    },
    {
      id: 'resolved',
      header: t('objectives.resolvedAt'),
      width: 'w-36',
      from: 'lg',
      cell: (one) => (
        <span className="text-ink-soft">
          {one.resolved_at ? <RelativeTime at={one.resolved_at} /> : t('common.none')}
        </span>
      ),
    },
  ]
  return (
    <ListCard
      title={t('objectives.tabs.alerts')}
      list={list}
      rows={rows}
      columns={columns}
      rowId={(one) => one.id}
      {...(onOpen ? { onOpen: (one: SloAlert) => onOpen(one.slo_id) } : {})}
      empty={
        <Empty icon={BellOff} title={t('objectives.noAlertsTitle')}>
          {t('objectives.noAlertsText')}
        </Empty>
      }
    />
  )
}
