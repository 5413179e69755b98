import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Logs } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { LogLine, LogLines } from '@/api/types'
import { Permitted } from '@/app/permission'
import { type RangeSearch, rangeOf } from '@/format/range'
import { zoneName } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge, type Tone } from '@/ui/status'
import { TextFilters } from '@/ui/text-filters'
import { ClockTime } from '@/ui/time'
import { TimeRange } from '@/ui/time-range'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { LineDrawer } from './LineDrawer'
import { asCommand, LEVELS, type LogFilters, type LogSearch } from './search'

const USUAL = '24h'

const FILTERS = ['request', 'trace', 'source', 'text'] as const

const TONES: Record<string, Tone> = { warning: 'warn', error: 'bad', critical: 'bad' }

/** A line with its place in the list: lines have no ids of their own. */
type Row = LogLine & { place: number }

function parameters({ request, trace, source, text, level }: LogFilters, range: RangeSearch) {
  return { ...rangeOf(range, USUAL), request_id: request, trace_id: trace, source, text, level }
}

const linesQuery = (filters: LogFilters, range: RangeSearch) =>
  infiniteQueryOptions({
    queryKey: ['logs', filters, range],
    queryFn: ({ signal, pageParam }) =>
      call<LogLines>('GET', '/system/logs', {
        signal,
        query: { ...parameters(filters, range), cursor: pageParam, limit: 100 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** What the parts on the machine that answers say, and what the gateways were asked. */
export default function LogsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/app/logs' })
  const navigate = useNavigate()
  const change = useCallback(
    (next: Partial<LogSearch>) =>
      navigate({ to: '/logs', search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  )
  const range: RangeSearch = { range: search.range, since: search.since, until: search.until }
  const filters: LogFilters = {
    request: search.request,
    trace: search.trace,
    source: search.source,
    text: search.text,
    level: search.level,
  }
  return (
    <Page
      title={t('pages.logs')}
      description={t('logs.description')}
      actions={
        <>
          <TimeRange
            value={range}
            usual={USUAL}
            onChange={(next) => change({ range: next.range, since: next.since, until: next.until })}
          />
          <AsCode
            request={{
              method: 'GET',
              path: '/system/logs',
              query: parameters(filters, range),
              sdk: 'system.logs.search',
              cli: asCommand(filters),
            }}
          />
        </>
      }
    >
      <Permitted permission="system:read" place="platform">
        <Lines filters={filters} range={range} onChange={change} />
      </Permitted>
    </Page>
  )
}

interface LinesProps {
  filters: LogFilters
  range: RangeSearch
  onChange: (change: Partial<LogSearch>) => void
}

function Lines({ filters, range, onChange }: LinesProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const lines = useInfiniteQuery(linesQuery(filters, range))
  const [open, setOpen] = useState<Row>()
  const pages = lines.data?.pages
  const rows = useMemo<Row[] | undefined>(
    () => pages?.flatMap(({ items }) => items).map((line, place) => ({ ...line, place })),
    [pages],
  )
  const until = pages?.at(-1)?.looked_until
  const columns = useMemo<VirtualColumn<Row>[]>(
    () => [
      {
        id: 'at',
        header: t('requests.time', { zone: zoneName(language) }),
        width: 'w-24 sm:w-40',
        cell: (line) => (line.at ? <ClockTime at={line.at} /> : null),
      },
      {
        id: 'level',
        header: t('logs.level'),
        width: 'w-24',
        from: 'sm',
        cell: (line) => <Badge tone={TONES[line.level] ?? 'idle'}>{line.level}</Badge>,
      },
      {
        id: 'source',
        header: t('logs.source'),
        width: 'w-32',
        from: 'md',
        cell: (line) => <span className="block truncate text-ink-soft">{line.source}</span>,
      },
      {
        id: 'message',
        header: t('logs.message'),
        opens: true,
        cell: (line) => <span className="block truncate font-mono text-xs">{line.message}</span>,
      },
    ],
    [t, language],
  )
  return (
    <>
      <Card aria-labelledby="lines">
        <CardHeader
          id="lines"
          title={t('logs.lines')}
          hint={rows ? t('logs.shown', { count: rows.length }) : null}
        >
          <Select
            aria-label={t('logs.least')}
            value={filters.level ?? 'debug'}
            onChange={(event) =>
              onChange({ level: LEVELS.find((each) => each === event.target.value) })
            }
          >
            {LEVELS.map((level) => (
              <option key={level} value={level}>
                {t(`logs.levels.${level}`)}
              </option>
            ))}
          </Select>
        </CardHeader>
        <TextFilters
          names={FILTERS}
          values={filters}
          labelOf={(name) => t(`logs.filters.${name}`)}
          onChange={onChange}
        />
        {until ? (
          <p className="mx-4 mt-3 rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
            {t('logs.gaveUp')} <ClockTime at={until} />
          </p>
        ) : null}
        {lines.isError ? (
          <Problem error={lines.error} onRetry={() => lines.refetch()} className="m-4" />
        ) : rows === undefined ? (
          <SkeletonRows rows={8} />
        ) : rows.length === 0 ? (
          <Empty
            icon={Logs}
            title={t(pages?.[0]?.kept_here === false ? 'logs.elsewhereTitle' : 'logs.emptyTitle')}
          >
            {t(pages?.[0]?.kept_here === false ? 'logs.elsewhereText' : 'logs.emptyText')}
          </Empty>
        ) : (
          <VirtualTable
            label={t('pages.logs')}
            columns={columns}
            rows={rows}
            rowId={(line) => String(line.place)}
            openId={open && String(open.place)}
            openLabel={(line) => `${line.at} ${line.source}`}
            onOpen={setOpen}
            hasMore={lines.hasNextPage}
            loadingMore={lines.isFetchingNextPage}
            onMore={() => void lines.fetchNextPage()}
            className="max-h-[calc(100dvh-16rem)]"
          />
        )}
      </Card>
      {open ? <LineDrawer line={open} onClose={() => setOpen(undefined)} /> : null}
    </>
  )
}
