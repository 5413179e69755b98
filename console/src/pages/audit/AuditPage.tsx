import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download, ScrollText } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import { address, call } from '@/api/client'
import type { Page as ApiPage, AuditEvent } from '@/api/types'
import { useNames } from '@/app/names'
import { Permitted, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { type RangeSearch, rangeOf } from '@/format/range'
import { zoneName } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { TextFilters } from '@/ui/text-filters'
import { ClockTime } from '@/ui/time'
import { TimeRange } from '@/ui/time-range'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { EventDrawer } from './EventDrawer'
import { type AuditFilters, type AuditSearch, asCommand } from './search'
import { VerifyButton } from './VerifyDialog'

const USUAL = '7d'

/** Exact matches: an id or an action is copied, not guessed. */
const FILTERS = ['action', 'actor', 'object', 'origin'] as const

function parameters(orgId: string | undefined, filters: AuditFilters, range: RangeSearch) {
  return {
    ...rangeOf(range, USUAL),
    org_id: orgId,
    actor_id: filters.actor,
    action: filters.action,
    object_id: filters.object,
    request_id: filters.origin,
  }
}

const eventsQuery = (orgId: string | undefined, filters: AuditFilters, range: RangeSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', orgId ?? 'everywhere', filters, range],
    queryFn: ({ signal, pageParam }) =>
      call<ApiPage<AuditEvent>>('GET', '/audit/events', {
        signal,
        query: { ...parameters(orgId, filters, range), cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const eventId = (event: AuditEvent) => `${event.org_id}:${event.seq}`

/** Who did what, when, and what it changed; each event is chained to the one before. */
export default function AuditPage() {
  const { t } = useTranslation()
  const place = usePlace()
  const search = useSearch({ from: '/app/audit' })
  const navigate = useNavigate()
  const permits = usePermits()
  const change = useCallback(
    (next: Partial<AuditSearch>) =>
      navigate({ to: '/audit', search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  )
  const everywhere = search.everywhere === true || place === null
  const orgId = everywhere ? undefined : place.organization.id
  const where: Place = orgId ? { orgId } : 'platform'
  const range: RangeSearch = { range: search.range, since: search.since, until: search.until }
  const filters: AuditFilters = {
    actor: search.actor,
    action: search.action,
    object: search.object,
    origin: search.origin,
  }
  const download = (format: 'jsonl' | 'csv') =>
    address('/audit/export', { ...parameters(orgId, filters, range), format })
  return (
    <Page
      title={t('pages.audit')}
      description={t('audit.description')}
      actions={
        <>
          <TimeRange
            value={range}
            usual={USUAL}
            onChange={(next) => change({ range: next.range, since: next.since, until: next.until })}
          />
          <VerifyButton orgId={orgId} place={where} />
          {permits('audit:export', where) ? (
            <>
              <Button asChild>
                <a href={download('csv')} download="audit.csv">
                  <Download aria-hidden />
                  {t('audit.csv')}
                </a>
              </Button>
              <Button asChild>
                <a href={download('jsonl')} download="audit.jsonl">
                  <Download aria-hidden />
                  {t('audit.jsonl')}
                </a>
              </Button>
            </>
          ) : null}
          <AsCode
            request={{
              method: 'GET',
              path: '/audit/events',
              query: parameters(orgId, filters, range),
              sdk: 'audit.events.list',
              cli: asCommand(orgId, filters, rangeOf(range, USUAL)),
            }}
          />
        </>
      }
    >
      <Permitted permission="audit:read" place={where}>
        <Events
          orgId={orgId}
          filters={filters}
          range={range}
          search={search}
          mayChoose={permits('audit:read', 'platform') && place !== null}
          onChange={change}
        />
      </Permitted>
    </Page>
  )
}

interface EventsProps {
  orgId: string | undefined
  filters: AuditFilters
  range: RangeSearch
  search: AuditSearch
  mayChoose: boolean
  onChange: (change: Partial<AuditSearch>) => void
}

function Events({ orgId, filters, range, search, mayChoose, onChange }: EventsProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const events = useInfiniteQuery(eventsQuery(orgId, filters, range))
  const nameOf = useNames()
  const rows = useMemo(() => events.data?.pages.flatMap(({ items }) => items), [events.data])
  const open = rows?.find((event) => eventId(event) === search.event)
  const columns = useMemo<VirtualColumn<AuditEvent>[]>(
    () => [
      {
        id: 'at',
        header: t('requests.time', { zone: zoneName(language) }),
        width: 'w-24 sm:w-40',
        cell: (event) => <ClockTime at={event.at} />,
      },
      {
        id: 'action',
        header: t('audit.action'),
        width: 'sm:w-56',
        opens: true,
        cell: (event) => <code className="font-mono text-ink text-xs">{event.action}</code>,
      },
      {
        id: 'actor',
        header: t('audit.actor'),
        width: 'w-56',
        from: 'sm',
        cell: (event) => (
          <span className="block truncate text-ink" title={event.actor_id}>
            {nameOf(event.actor_id)}
          </span>
        ),
      },
      {
        id: 'object',
        header: t('audit.object'),
        from: 'md',
        cell: (event) => (
          <span className="block truncate text-ink-soft" title={event.object_id ?? ''}>
            {event.object_kind} {event.object_id ? nameOf(event.object_id) : ''}
          </span>
        ),
      },
      {
        id: 'seq',
        header: t('audit.number'),
        width: 'w-24',
        align: 'end',
        from: 'lg',
        cell: (event) => <span className="tabular text-ink-faint">{event.seq}</span>,
      },
    ],
    [t, language, nameOf],
  )
  return (
    <>
      <Card aria-labelledby="events">
        <CardHeader
          id="events"
          title={t('audit.events')}
          hint={rows ? t('audit.shown', { count: rows.length }) : null}
        >
          {mayChoose ? (
            <Select
              aria-label={t('audit.where')}
              value={search.everywhere ? 'everywhere' : 'here'}
              onChange={(event) =>
                onChange({
                  everywhere: event.target.value === 'everywhere' ? true : undefined,
                  event: undefined,
                })
              }
            >
              <option value="here">{t('audit.here')}</option>
              <option value="everywhere">{t('audit.everywhere')}</option>
            </Select>
          ) : null}
        </CardHeader>
        <TextFilters
          names={FILTERS}
          values={filters}
          labelOf={(name) => t(`audit.filters.${name}`)}
          onChange={onChange}
        />
        {events.isError ? (
          <Problem error={events.error} onRetry={() => events.refetch()} className="m-4" />
        ) : rows === undefined ? (
          <SkeletonRows rows={8} />
        ) : rows.length === 0 ? (
          <Empty icon={ScrollText} title={t('audit.emptyTitle')}>
            {t('audit.emptyText')}
          </Empty>
        ) : (
          <VirtualTable
            label={t('pages.audit')}
            columns={columns}
            rows={rows}
            rowId={eventId}
            openId={search.event}
            openLabel={(event) => String(event.seq)}
            onOpen={(event) => onChange({ event: eventId(event) })}
            hasMore={events.hasNextPage}
            loadingMore={events.isFetchingNextPage}
            onMore={() => void events.fetchNextPage()}
            className="max-h-[calc(100dvh-16rem)]"
          />
        )}
      </Card>
      {open ? (
        <EventDrawer event={open} nameOf={nameOf} onClose={() => onChange({ event: undefined })} />
      ) : null}
    </>
  )
}
