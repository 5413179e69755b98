import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Call } from '@/api/types'
import { usePlace } from '@/app/session'
import { moneys } from '@/format/money'
import { count, duration } from '@/format/number'
import type { RangeSearch } from '@/format/range'
import { fullTime } from '@/format/time'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { ClockTime } from '@/ui/time'
import { callsQuery } from './queries'
import { StatusBadge } from './StatusBadge'
import { sessionsOf } from './sessions'

interface SessionDrawerProps {
  session: string
  range: RangeSearch
  onClose: () => void
}

/** The calls of one session in their order, from the first question on. */
export function SessionDrawer({ session, range, onClose }: SessionDrawerProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const filters = useMemo(() => ({ session }), [session])
  const calls = useInfiniteQuery(callsQuery(place?.project.id ?? '', filters, range))
  const known = calls.data?.pages.flatMap(({ items }) => items)
  const sum = known && sessionsOf(known)[0]
  return (
    <Drawer title={session} description={t('sessions.drawer')} onClose={onClose}>
      {calls.isError ? (
        <Problem error={calls.error} onRetry={() => calls.refetch()} />
      ) : known === undefined ? (
        <SkeletonRows />
      ) : (
        <>
          {sum ? (
            <Facts
              facts={[
                { id: 'first', name: t('sessions.first'), value: fullTime(sum.first, language) },
                { id: 'calls', name: t('sessions.calls'), value: count(sum.calls, language) },
                { id: 'tokens', name: t('requests.tokens'), value: count(sum.tokens, language) },
                { id: 'cost', name: t('requestsPage.cost'), value: moneys(sum.costs, language) },
                { id: 'users', name: t('sessions.users'), value: sum.users.join(', ') },
                { id: 'models', name: t('requests.model'), value: sum.models.join(', ') },
              ]}
            />
          ) : (
            <p className="text-ink-soft text-sm">{t('sessions.outOfRange')}</p>
          )}
          {calls.hasNextPage ? (
            <Button
              size="sm"
              className="mt-4"
              busy={calls.isFetchingNextPage}
              onClick={() => calls.fetchNextPage()}
            >
              {t('sessions.earlier')}
            </Button>
          ) : null}
          <ol className="mt-5 space-y-4">
            {known.toReversed().map((one) => (
              <li key={one.id}>
                <Turn call={one} />
              </li>
            ))}
          </ol>
        </>
      )}
    </Drawer>
  )
}

function Turn({ call }: { call: Call }) {
  const { t, i18n } = useTranslation()
  return (
    <article className="rounded-xl border border-line bg-surface p-4" data-call={call.id}>
      <header className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-faint text-xs">
        <ClockTime at={call.at} />
        <span>{call.model}</span>
        <span className="tabular">{duration(call.duration_ms, i18n.language)}</span>
        <StatusBadge status={call.status} outcome={call.outcome} />
        <Link
          to="/requests"
          search={{ request: call.request_id }}
          className="ms-auto font-medium text-accent-ink underline"
        >
          {t('sessions.details')}
        </Link>
      </header>
      {call.input_preview ? (
        <p className="wrap-anywhere text-ink text-sm">
          <span className="me-2 text-ink-faint text-xs">{t('messageRoles.user')}</span>
          {call.input_preview}
        </p>
      ) : null}
      {call.output_preview ? (
        <p className="wrap-anywhere mt-1.5 text-ink-soft text-sm">
          <span className="me-2 text-ink-faint text-xs">{t('messageRoles.assistant')}</span>
          {call.output_preview}
        </p>
      ) : null}
      {call.input_preview || call.output_preview ? null : (
        <p className="text-ink-faint text-sm">{t('requestDetail.nothingKept')}</p>
      )}
    </article>
  )
}
