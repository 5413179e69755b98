import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Activity, Radio } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keysQuery } from '@/api/queries'
import { Permitted, useHere, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import type { RangeSearch } from '@/format/range'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { TimeRange } from '@/ui/time-range'
import { VirtualTable } from '@/ui/virtual-table'
import { CaptureNotice } from './CaptureNotice'
import { Filters } from './Filters'
import { callParameters, callsQuery, projectQuery, recordsQuery, USUAL_RANGE } from './queries'
import { RequestDrawer } from './RequestDrawer'
import { type RequestRow, rowOfCall, rowOfRecord } from './rows'
import { type CallFilters, FILTERS, filterCount, type RequestsSearch } from './search'
import { useRequestColumns } from './use-columns'
import { useTail } from './use-tail'

/** Every call of the project: found by range and filters, followed live, opened one by one. */
export default function RequestsPage() {
  const { t } = useTranslation()
  return (
    <Permitted permission="usage:read">
      <Requests title={t('pages.requests')} />
    </Permitted>
  )
}

function Requests({ title }: { title: string }) {
  const { t } = useTranslation()
  const place = usePlace()
  const projectId = place?.project.id ?? ''
  const search = useSearch({ from: '/app/requests' })
  const navigate = useNavigate()
  const permits = usePermits()
  const here = useHere()
  const change = useCallback(
    (next: Partial<RequestsSearch>) =>
      navigate({ to: '/requests', search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  )

  const project = useQuery({ ...projectQuery(projectId), enabled: projectId !== '' })
  const capture = project.data?.capture?.level ?? 'off'
  const mayReadCalls = permits('call:read', here)
  const show = !mayReadCalls
    ? 'records'
    : (search.show ?? (filterCount(search) > 0 || capture !== 'off' ? 'calls' : 'records'))

  const filters = useMemo(() => pick(search), [search])
  const range = useMemo<RangeSearch>(
    () => ({ range: search.range, since: search.since, until: search.until }),
    [search.range, search.since, search.until],
  )
  const ready = projectId !== '' && (project.isSuccess || project.isError)
  const calls = useInfiniteQuery({
    ...callsQuery(projectId, filters, range),
    enabled: ready && show === 'calls',
  })
  const records = useInfiniteQuery({
    ...recordsQuery(projectId, range),
    enabled: ready && show === 'records',
  })
  const keys = useInfiniteQuery({
    ...keysQuery(projectId),
    enabled: ready && show === 'calls' && permits('key:read', here),
  })
  const keyNames = useMemo(
    () => new Map(keys.data?.pages.flatMap(({ items }) => items.map(({ id, name }) => [id, name]))),
    [keys.data],
  )
  const list = show === 'calls' ? calls : records
  const rows = useMemo<RequestRow[] | undefined>(
    () =>
      show === 'calls'
        ? calls.data?.pages.flatMap(({ items }) => items.map((one) => rowOfCall(one, keyNames)))
        : records.data?.pages.flatMap(({ items }) => items.map(rowOfRecord)),
    [show, calls.data, records.data, keyNames],
  )
  const [openedAt] = useState(() => Date.now())
  const live = search.live === true && search.until === undefined
  useTail({ enabled: live && ready, show, projectId, filters, range })

  const columns = useRequestColumns(show)
  const open = rows?.find(({ requestId }) => requestId === search.request)
  const onMore = useCallback(() => void list.fetchNextPage(), [list.fetchNextPage])

  return (
    <Page
      title={title}
      description={t('requestsPage.description')}
      actions={
        <>
          <Button
            icon={<Radio aria-hidden className={live ? 'text-ok-ink' : undefined} />}
            aria-pressed={live}
            disabled={search.until !== undefined}
            onClick={() => change({ live: live ? undefined : true })}
            data-tail={live}
          >
            {live ? t('requestsPage.following') : t('requestsPage.follow')}
          </Button>
          <TimeRange
            value={range}
            usual={USUAL_RANGE}
            onChange={(next) => change({ range: next.range, since: next.since, until: next.until })}
          />
          <AsCode
            request={{
              method: 'GET',
              path: show === 'calls' ? '/calls' : '/usage/records',
              query:
                show === 'calls'
                  ? callParameters(projectId, filters, range)
                  : { ...callParameters(projectId, {}, range) },
              sdk: show === 'calls' ? 'calls.list' : 'usage.records.list',
              cli: show === 'calls' ? cliOf(projectId, filters) : { none: 'records' },
            }}
          />
        </>
      }
    >
      {mayReadCalls && project.data ? (
        <CaptureNotice
          project={project.data}
          show={show}
          onShow={(next) => change({ show: next })}
        />
      ) : null}
      <Card aria-labelledby="requests">
        <CardHeader
          id="requests"
          title={show === 'calls' ? t('requestsPage.calls') : t('requestsPage.records')}
          hint={
            rows
              ? t(list.hasNextPage ? 'requestsPage.shownOfMore' : 'requestsPage.shown', {
                  count: rows.length,
                })
              : null
          }
        />
        {show === 'calls' ? (
          <Filters value={filters} onChange={change} organizationId={place?.organization.id} />
        ) : null}
        {list.isError ? (
          <Problem error={list.error} onRetry={() => list.refetch()} className="m-4" />
        ) : rows === undefined ? (
          <SkeletonRows rows={8} />
        ) : rows.length === 0 ? (
          <Empty icon={Activity} title={t('requestsPage.emptyTitle')}>
            {filterCount(search) > 0
              ? t('requestsPage.emptyFiltered')
              : t('requestsPage.emptyText')}
          </Empty>
        ) : (
          <VirtualTable
            label={title}
            columns={columns}
            rows={rows}
            rowId={(row) => row.requestId}
            isNew={(row) => Date.parse(row.at) > openedAt}
            openId={search.request}
            openLabel={(row) => row.requestId}
            onOpen={(row) => change({ request: row.requestId })}
            hasMore={list.hasNextPage}
            loadingMore={list.isFetchingNextPage}
            onMore={onMore}
            className="max-h-[calc(100dvh-17rem)]"
          />
        )}
      </Card>
      {search.request ? (
        <RequestDrawer
          requestId={search.request}
          row={open}
          tab={search.tab}
          onTab={(tab) => change({ tab })}
          onClose={() => change({ request: undefined, tab: undefined })}
        />
      ) : null}
    </Page>
  )
}

function pick(search: RequestsSearch): CallFilters {
  return Object.fromEntries(
    FILTERS.filter((name) => search[name] !== undefined).map((name) => [name, search[name]]),
  )
}

function cliOf(projectId: string, filters: CallFilters): string {
  const options = [
    `--project ${projectId}`,
    filters.model && `--model ${JSON.stringify(filters.model)}`,
    filters.text && `--text ${JSON.stringify(filters.text)}`,
    filters.session && `--session ${JSON.stringify(filters.session)}`,
    filters.user && `--user ${JSON.stringify(filters.user)}`,
    filters.failed && '--failed',
  ]
  return ['mainspring calls list', ...options.filter(Boolean)].join(' ')
}
