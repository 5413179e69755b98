import { useQuery } from '@tanstack/react-query'
import { Archive } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Backups } from '@/api/types'
import { size } from '@/format/number'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { ClockTime, RelativeTime } from '@/ui/time'

const backupsQuery = {
  queryKey: ['system', 'backups'],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call<Backups>('GET', '/system/backups', { signal }),
}

/** The backups that are made by the clock, and how to begin with that. */
export function BackupsCard() {
  const { t, i18n } = useTranslation()
  const backups = useQuery(backupsQuery)
  const data = backups.data
  return (
    <Card aria-labelledby="backups">
      <CardHeader
        id="backups"
        title={t('system.backups')}
        hint={
          data?.directory
            ? t('system.backupsHint', { directory: data.directory, schedule: data.schedule })
            : null
        }
      >
        <AsCode
          request={{
            method: 'GET',
            path: '/system/backups',
            sdk: 'system.backups.list',
            gives: 'value',
            cli: { none: 'backups' },
          }}
        />
      </CardHeader>
      {backups.isError ? (
        <Problem error={backups.error} onRetry={() => backups.refetch()} className="m-4" />
      ) : data === undefined ? (
        <SkeletonRows rows={3} />
      ) : data.problem ? (
        <p className="mx-4 mb-4 rounded-lg bg-bad-soft px-3.5 py-2.5 text-bad-ink text-sm">
          {t('system.backupsClosed', { problem: data.problem })}
        </p>
      ) : data.items.length === 0 ? (
        <Empty
          icon={Archive}
          title={t(data.directory ? 'system.noBackupTitle' : 'system.noBackupsTitle')}
        >
          {t(data.directory ? 'system.noBackupText' : 'system.noBackupsText')}
        </Empty>
      ) : (
        <ul className="max-h-80 divide-y divide-line overflow-y-auto border-line border-t">
          {data.items.map((backup) => (
            <li
              key={backup.name}
              className="flex flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm sm:px-5"
            >
              <code className="wrap-anywhere min-w-0 flex-1 font-mono text-ink text-xs">
                {backup.name}
              </code>
              <span className="tabular text-ink-soft">{size(backup.bytes, i18n.language)}</span>
              <span className="flex gap-x-2 text-ink-soft">
                <ClockTime at={backup.made_at} />
                <RelativeTime at={backup.made_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
