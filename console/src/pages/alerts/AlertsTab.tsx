import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import type { Alert } from '@/api/types'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { RelativeTime, useNow } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { AlertDrawer } from './AlertDrawer'
import { SEVERITY_TONES, silencedBy, summaryIn, written } from './matching'
import { alertsQuery, type OwnerId, presentSilencesQuery } from './queries'
import {
  ALERT_STATES,
  type AlertState,
  type AlertsSearch,
  SEVERITIES,
  type Severity,
} from './search'

/** Labels that an Alertmanager repeats and that have columns of their own. */
const OWN_COLUMNS = new Set(['alertname', 'severity'])

interface AlertsTabProps {
  owner: OwnerId
  where: Place
  stage: AlertState
  severity: Severity | undefined
  openId: string | undefined
  onFilter: (next: Pick<AlertsSearch, 'stage' | 'severity'>) => void
  onOpen: (id: string | undefined) => void
}

/** What is or was wrong, newest first. */
export function AlertsTab({
  owner,
  where,
  stage,
  severity,
  openId,
  onFilter,
  onOpen,
}: AlertsTabProps) {
  const { t, i18n } = useTranslation()
  const list = useInfiniteQuery(alertsQuery(owner, stage, severity))
  const silences = useQuery(presentSilencesQuery(owner))
  const now = Math.max(useNow(15_000), Date.now())
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const columns: VirtualColumn<Alert>[] = [
    {
      id: 'alert',
      header: t('alerts.alert'),
      opens: true,
      cell: (one) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">
            {summaryIn(one, i18n.language) || one.name}
          </span>
          <span className="block truncate font-mono text-ink-faint text-xs">{one.name}</span>
        </span>
      ),
    },
    {
      id: 'severity',
      header: t('alerts.severity'),
      width: 'w-24',
      cell: (one) => (
        <Badge tone={SEVERITY_TONES[one.severity]}>{t(`alerts.severities.${one.severity}`)}</Badge>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      from: 'sm',
      cell: (one) =>
        one.state === 'firing' && silencedBy(one, silences.data?.items ?? [], now) ? (
          <Badge>{t('alerts.silenced')}</Badge>
        ) : (
          <Badge tone={one.state === 'firing' ? 'bad' : 'ok'} dot>
            {t(`alerts.states.${one.state}`)}
          </Badge>
        ),
    },
    {
      id: 'labels',
      header: t('alerts.labels'),
      width: 'w-96',
      from: '2xl',
      cell: (one) => (
        <code className="block truncate font-mono text-ink-soft text-xs">
          {Object.entries(one.labels)
            .filter(([label]) => !OWN_COLUMNS.has(label))
            .map(([label, value]) => written({ label, value }))
            .join(' ')}
        </code>
      ),
    },
    {
      id: 'source',
      header: t('alerts.source'),
      width: 'w-32',
      from: 'lg',
      cell: (one) => <span className="text-ink-soft">{one.source}</span>,
    },
    {
      id: 'started',
      header: t('alerts.startedAt'),
      width: 'w-32',
      from: 'md',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.started_at} />
        </span>
      ),
    },
    {
      id: 'ended',
      header: t('alerts.endedAt'),
      width: 'w-32',
      from: 'xl',
      cell: (one) => (
        <span className="text-ink-soft">
          {one.ended_at ? <RelativeTime at={one.ended_at} /> : t('common.none')}
        </span>
      ),
    },
  ]
  const isFiltered = stage !== 'firing' || severity !== undefined
  return (
    <>
      <ListCard
        title={t('alerts.tabs.alerts')}
        actions={
          <>
            <Select
              aria-label={t('keys.state')}
              value={stage}
              onChange={(event) =>
                onFilter({ stage: ALERT_STATES.find((one) => one === event.target.value) })
              }
            >
              {ALERT_STATES.map((one) => (
                <option key={one} value={one}>
                  {t(`alerts.states.${one}`)}
                </option>
              ))}
            </Select>
            <Select
              aria-label={t('alerts.severity')}
              value={severity ?? ''}
              onChange={(event) =>
                onFilter({ severity: SEVERITIES.find((one) => one === event.target.value) })
              }
            >
              <option value="">{t('alerts.anySeverity')}</option>
              {SEVERITIES.map((one) => (
                <option key={one} value={one}>
                  {t(`alerts.severities.${one}`)}
                </option>
              ))}
            </Select>
          </>
        }
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={openId}
        onOpen={(one) => onOpen(one.id)}
        empty={
          <Empty icon={BellOff} title={t(isFiltered ? 'alerts.noneTitle' : 'alerts.emptyTitle')}>
            {t('alerts.emptyText')}
          </Empty>
        }
      />
      {openId ? (
        <AlertDrawer
          key={openId}
          id={openId}
          owner={owner}
          where={where}
          onClose={() => onOpen(undefined)}
        />
      ) : null}
    </>
  )
}
