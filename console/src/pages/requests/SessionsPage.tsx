import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { MessagesSquare } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { usePlace } from '@/app/session'
import { moneys } from '@/format/money'
import { count } from '@/format/number'
import { type RangeSearch, rangeOf } from '@/format/range'
import { zoneName } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { ClockTime } from '@/ui/time'
import { TimeRange } from '@/ui/time-range'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { callsQuery, USUAL_RANGE } from './queries'
import { SessionDrawer } from './SessionDrawer'
import { type SessionSum, sessionsOf } from './sessions'

const NO_FILTERS = {}

/** Conversations: the calls that name one session, as one line each. */
export default function SessionsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/app/sessions' })
  const navigate = useNavigate()
  const place = usePlace()
  const range: RangeSearch = { range: search.range, since: search.since, until: search.until }
  const change = (next: RangeSearch & { session?: string | undefined }) =>
    navigate({ to: '/sessions', search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <Page
      title={t('pages.sessions')}
      description={t('sessions.description')}
      actions={
        <>
          <TimeRange
            value={range}
            usual={USUAL_RANGE}
            onChange={(next) => change({ range: next.range, since: next.since, until: next.until })}
          />
          <AsCode
            request={{
              method: 'GET',
              path: '/calls',
              query: { ...rangeOf(range, USUAL_RANGE), project_id: place?.project.id },
              sdk: 'calls.list',
              cli: search.since
                ? { none: 'range' }
                : `mainspring calls list --since ${search.range ?? USUAL_RANGE}${
                    place ? ` -p ${place.project.slug}` : ''
                  }`,
            }}
          />
        </>
      }
    >
      <Permitted permission="call:read">
        <Sessions
          range={range}
          chosen={search.session}
          onChoose={(session) => change({ session })}
        />
      </Permitted>
    </Page>
  )
}

interface SessionsProps {
  range: RangeSearch
  chosen: string | undefined
  onChoose: (session: string | undefined) => void
}

function Sessions({ range, chosen, onChoose }: SessionsProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const projectId = place?.project.id ?? ''
  const calls = useInfiniteQuery({
    ...callsQuery(projectId, NO_FILTERS, range),
    enabled: projectId !== '',
  })
  const known = useMemo(() => calls.data?.pages.flatMap(({ items }) => items), [calls.data])
  const sessions = useMemo(() => known && sessionsOf(known), [known])
  const columns = useMemo<VirtualColumn<SessionSum>[]>(
    () => [
      {
        id: 'last',
        header: t('sessions.last', { zone: zoneName(language) }),
        width: 'w-24 sm:w-36',
        cell: (one) => <ClockTime at={one.last} />,
      },
      {
        id: 'session',
        header: t('sessions.session'),
        opens: true,
        cell: (one) => (
          <span className="font-medium text-ink">
            {one.id}
            <span className="ms-2 font-normal text-ink-faint max-md:hidden">{one.preview}</span>
          </span>
        ),
      },
      {
        id: 'calls',
        header: t('sessions.calls'),
        width: 'w-20 sm:w-32',
        align: 'end',
        cell: (one) => (
          <span className="tabular inline-flex items-center gap-2">
            {one.failed > 0 ? (
              <Badge tone="bad">{t('sessions.failed', { count: one.failed })}</Badge>
            ) : null}
            {count(one.calls, language)}
          </span>
        ),
      },
      {
        id: 'tokens',
        header: t('requests.tokens'),
        width: 'w-28',
        align: 'end',
        from: 'md',
        cell: (one) => <span className="tabular">{count(one.tokens, language)}</span>,
      },
      {
        id: 'cost',
        header: t('requestsPage.cost'),
        width: 'w-32',
        align: 'end',
        from: 'lg',
        cell: (one) => (
          <span className="tabular">{moneys(one.costs, language) || t('common.none')}</span>
        ),
      },
      {
        id: 'users',
        header: t('sessions.users'),
        width: 'w-44',
        from: 'xl',
        cell: (one) => (
          <span className="block truncate text-ink-soft">
            {one.users.join(', ') || t('common.none')}
          </span>
        ),
      },
    ],
    [t, language],
  )
  return (
    <>
      <Card aria-labelledby="sessions">
        <CardHeader
          id="sessions"
          title={t('pages.sessions')}
          hint={known ? t('sessions.ofCalls', { count: known.length }) : null}
        />
        {calls.isError ? (
          <Problem error={calls.error} onRetry={() => calls.refetch()} className="m-4" />
        ) : sessions === undefined ? (
          <SkeletonRows rows={8} />
        ) : sessions.length === 0 ? (
          <Empty icon={MessagesSquare} title={t('sessions.emptyTitle')}>
            {t('sessions.emptyText')}
          </Empty>
        ) : (
          <VirtualTable
            label={t('pages.sessions')}
            columns={columns}
            rows={sessions}
            rowId={(one) => one.id}
            openId={chosen}
            onOpen={(one) => onChoose(one.id)}
            hasMore={calls.hasNextPage}
            loadingMore={calls.isFetchingNextPage}
            onMore={() => void calls.fetchNextPage()}
            className="max-h-[calc(100dvh-15rem)]"
          />
        )}
      </Card>
      {chosen ? (
        <SessionDrawer session={chosen} range={range} onClose={() => onChoose(undefined)} />
      ) : null}
    </>
  )
}
