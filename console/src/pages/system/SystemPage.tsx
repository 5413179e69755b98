import { useQuery } from '@tanstack/react-query'
import { Server } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { partsQuery, systemInfoQuery } from '@/api/queries'
import type { Part } from '@/api/types'
import { Permitted } from '@/app/permission'
import { optionalText } from '@/i18n'
import { PART_TONES, partName } from '@/pages/home/part-name'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { CopyButton } from '@/ui/copy'
import { Empty } from '@/ui/empty'
import { Facts } from '@/ui/facts'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { BackupsCard } from './BackupsCard'
import { DoctorCard } from './DoctorCard'
import { SettingsCard } from './SettingsCard'
import { disagreements } from './versions'

/** What this installation is, and how each of its parts is. */
export default function SystemPage() {
  const { t } = useTranslation()
  return (
    <Page
      title={t('pages.system')}
      description={t('system.description')}
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: '/system/parts',
            sdk: 'system.parts.list',
            cli: 'mainspring status',
          }}
        />
      }
    >
      <Permitted permission="system:read" place="platform">
        <System />
      </Permitted>
    </Page>
  )
}

function System() {
  const { t } = useTranslation()
  const info = useQuery(systemInfoQuery)
  const parts = useQuery(partsQuery)
  const items = parts.data?.items
  const wrong = items ? disagreements(items) : null
  const columns = useMemo<VirtualColumn<Part>[]>(
    () => [
      {
        id: 'name',
        header: t('system.part'),
        width: 'w-40 sm:w-56',
        cell: (part) => (
          <span className="block truncate font-medium text-ink">{partName(t, part)}</span>
        ),
      },
      {
        id: 'state',
        header: t('upstreams.state'),
        width: 'w-28',
        cell: (part) => (
          <Badge tone={PART_TONES[part.state]} dot>
            {t(`states.${part.state}`)}
          </Badge>
        ),
      },
      {
        id: 'version',
        header: t('system.version'),
        width: 'w-28',
        from: 'md',
        cell: (part) => <span className="tabular text-ink-soft">{part.version}</span>,
      },
      {
        id: 'seen',
        header: t('system.seen'),
        width: 'w-36',
        from: 'lg',
        cell: (part) => (
          <span className="text-ink-soft">
            <RelativeTime at={part.last_seen_at} />
          </span>
        ),
      },
      {
        id: 'details',
        header: t('system.details'),
        cell: (part) => (
          <span className="tabular block truncate text-ink-soft text-xs">
            {Object.entries(part.details)
              .map(([name, value]) => `${optionalText(t, `system.facts.${name}`) ?? name} ${value}`)
              .join(' · ')}
          </span>
        ),
      },
    ],
    [t],
  )
  return (
    <div className="space-y-4">
      {wrong?.versions ? (
        <p className="rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
          {t('system.versionsDiffer', { versions: wrong.versions.join(', ') })}
        </p>
      ) : null}
      {wrong?.behind.length ? (
        <p className="rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
          {t('system.behind', { names: wrong.behind.join(', ') })}
        </p>
      ) : null}
      <Card aria-labelledby="installation">
        <CardHeader id="installation" title={t('system.installation')} />
        {info.isError ? <Problem error={info.error} className="m-4" /> : null}
        {info.data ? (
          <Facts
            className="px-4 pb-4 sm:px-5"
            facts={[
              { id: 'version', name: t('system.version'), value: info.data.version },
              { id: 'edition', name: t('system.edition'), value: info.data.edition },
              {
                id: 'gateway',
                name: t('home.gateway'),
                value: (
                  <span className="inline-flex items-center gap-1">
                    <code className="font-mono text-xs">{info.data.gateway_url}</code>
                    <CopyButton text={info.data.gateway_url} label={t('home.gateway')} />
                  </span>
                ),
              },
              {
                id: 'home',
                name: t('system.home'),
                value: info.data.home ? (
                  <code className="font-mono text-xs">{info.data.home}</code>
                ) : null,
              },
            ]}
          />
        ) : null}
      </Card>
      <Card aria-labelledby="parts">
        <CardHeader id="parts" title={t('home.parts')} />
        {parts.isError ? (
          <Problem error={parts.error} onRetry={() => parts.refetch()} className="m-4" />
        ) : items === undefined ? (
          <SkeletonRows />
        ) : items.length === 0 ? (
          <Empty icon={Server} title={t('home.parts')}>
            {t('system.noParts')}
          </Empty>
        ) : (
          <VirtualTable
            label={t('home.parts')}
            columns={columns}
            rows={items}
            rowId={(part) => part.instance_id}
            className="max-h-[60dvh]"
          />
        )}
      </Card>
      <DoctorCard />
      <BackupsCard />
      <SettingsCard />
    </div>
  )
}
