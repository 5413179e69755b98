import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { modelsQuery, partsQuery, recentRecordsQuery } from '@/api/queries'
import { DEFAULT_WINDOW, WINDOWS, type WindowMinutes } from '@/app/router'
import { usePlace } from '@/app/session'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { useNow } from '@/ui/time'
import { Charts } from './Charts'
import { Checklist } from './Checklist'
import { Connect } from './Connect'
import { figuresOf } from './figures'
import { PartsPanel } from './PartsPanel'
import { progressOf } from './progress'
import { RequestsTable } from './RequestsTable'

/** The platform at a glance: the way to the first answer, then what flows and how it fares. */
export default function HomePage() {
  const { t } = useTranslation()
  const place = usePlace()
  const projectId = place?.project.id ?? ''
  const navigate = useNavigate()
  const { window = DEFAULT_WINDOW } = useSearch({ from: '/app/' })
  const now = useNow(10_000)
  const parts = useQuery(partsQuery)
  const models = useQuery(modelsQuery)
  const records = useQuery({ ...recentRecordsQuery(projectId), enabled: projectId !== '' })

  const items = records.data?.items ?? []
  const progress = progressOf(parts.data?.items ?? [], models.data?.items ?? [], items)
  // The checklist stays for the visit in which its last step was done, so that one sees it tick.
  const sawBeginning = useRef(false)
  if (records.data && !progress.finished) sawBeginning.current = true
  const beginning = records.data !== undefined && sawBeginning.current

  return (
    <Page
      title={t('pages.home')}
      description={t('home.description')}
      actions={
        items.length > 0 ? (
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
        ) : null
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="min-w-0 space-y-4">
          {records.isError ? (
            <Problem error={records.error} onRetry={() => records.refetch()} />
          ) : null}
          {beginning ? (
            <Checklist progress={progress} parts={parts.data?.items} models={models.data?.items} />
          ) : null}
          {items.length > 0 || records.isPending ? (
            <Charts
              figures={records.data ? figuresOf(items, window, Math.max(now, Date.now())) : null}
              windowMinutes={window}
            />
          ) : null}
          <RequestsTable records={records.data?.items} />
        </div>
        <div className="grid min-w-0 gap-4 md:grid-cols-2 xl:grid-cols-1">
          <PartsPanel
            parts={parts.data?.items}
            error={parts.error}
            onRetry={() => parts.refetch()}
          />
          {records.data && !beginning ? <Connect models={models.data?.items ?? []} /> : null}
        </div>
      </div>
    </Page>
  )
}
