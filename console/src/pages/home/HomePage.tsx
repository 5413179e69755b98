import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/problem'
import { earlierRecordsQuery, modelsQuery, partsQuery, recentRecordsQuery } from '@/api/queries'
import { Permitted, useHere, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { useNow } from '@/ui/time'
import { AlertsPanel } from './AlertsPanel'
import { Charts } from './Charts'
import { Checklist } from './Checklist'
import { Connect } from './Connect'
import { figuresOf } from './figures'
import { processesOf } from './fleet'
import { PartsPanel } from './PartsPanel'
import { progressOf } from './progress'
import { RequestsTable } from './RequestsTable'
import { Summary } from './Summary'
import { DEFAULT_WINDOW, WINDOWS, type WindowMinutes } from './windows'

/** The platform at a glance: the way to the first answer, then what flows and how it fares. */
export default function HomePage() {
  const { t } = useTranslation()
  const place = usePlace()
  const projectId = place?.project.id ?? ''
  const navigate = useNavigate()
  const { window = DEFAULT_WINDOW } = useSearch({ from: '/app/' })
  const now = useNow(10_000)
  const permits = usePermits()
  const seesParts = permits('system:read', 'platform')
  const seesCalls = permits('usage:read', useHere())
  const parts = useQuery({ ...partsQuery, enabled: seesParts })
  const models = useQuery(modelsQuery(place?.organization.id))
  const records = useQuery({
    ...recentRecordsQuery(projectId),
    enabled: projectId !== '' && seesCalls,
  })

  const items = records.data?.items ?? []
  const processes = parts.data && processesOf(parts.data.items)
  const hidden = !seesParts || (parts.error instanceof ApiError && parts.error.status === 403)
  const progress = progressOf(hidden ? null : (processes ?? []), models.data?.items ?? [], items)
  const earlier = useQuery({
    ...earlierRecordsQuery(projectId),
    enabled: records.data !== undefined && !progress.finished,
  })
  // The checklist stays for the visit in which its last step was done, so that one sees it tick.
  const sawBeginning = useRef(false)
  if (!progress.finished && earlier.data?.items.length === 0) sawBeginning.current = true
  const beginning = sawBeginning.current

  return (
    <Page
      title={t('pages.home')}
      description={t('home.description')}
      actions={
        items.length > 0 ? (
          <>
            <Select
              aria-label={t('home.window')}
              value={window}
              onChange={(event) =>
                navigate({
                  to: '/',
                  search: (search) => ({
                    ...search,
                    window: Number(event.target.value) as WindowMinutes,
                  }),
                  replace: true,
                })
              }
            >
              {WINDOWS.map((minutes) => (
                <option key={minutes} value={minutes}>
                  {t(`home.windows.${minutes}`)}
                </option>
              ))}
            </Select>
            <AsCode
              request={{
                method: 'GET',
                path: '/usage/records',
                query: { project_id: projectId },
                sdk: 'usage.records.list',
                cli: { none: 'records' },
              }}
            />
          </>
        ) : null
      }
    >
      {/* On a wide screen parts and connection stand beside the traffic, else among it. */}
      <div className="flex flex-col gap-4 wide:grid wide:grid-cols-[minmax(0,1fr)_23rem] wide:grid-rows-[auto_1fr] wide:items-start 2xl:grid-cols-[minmax(0,1fr)_27rem]">
        <div className="min-w-0 space-y-4">
          {records.isError ? (
            <Problem error={records.error} onRetry={() => records.refetch()} />
          ) : null}
          {beginning ? (
            <Checklist progress={progress} parts={processes} models={models.data?.items} />
          ) : null}
          {seesCalls ? null : <Permitted permission="usage:read" />}
          {items.length > 0 || (seesCalls && records.isPending) ? (
            <Charts
              figures={records.data ? figuresOf(items, window, Math.max(now, Date.now())) : null}
              windowMinutes={window}
            />
          ) : null}
          {items.length > 0 ? (
            <Summary records={items} windowMinutes={window} nowMs={Math.max(now, Date.now())} />
          ) : null}
        </div>
        <div className="contents wide:row-span-2 wide:flex wide:flex-col wide:gap-4">
          <AlertsPanel />
          {hidden ? null : (
            <PartsPanel parts={processes} error={parts.error} onRetry={() => parts.refetch()} />
          )}
          {(earlier.data || progress.finished || !seesCalls) && !beginning ? (
            <Connect models={models.data?.items ?? []} />
          ) : null}
        </div>
        {seesCalls ? <RequestsTable records={records.data?.items} /> : null}
      </div>
    </Page>
  )
}
