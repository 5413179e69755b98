import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { LogOut, MonitorSmartphone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { OwnSession } from '@/api/types'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'

const sessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: ({ signal }) => call<{ items: OwnSession[] }>('GET', '/sessions', { signal }),
})

/** Where one is signed in, and the end of each of those. */
export function Sessions() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const sessions = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: (session: OwnSession) => call('DELETE', `/sessions/${session.id}`),
    onSuccess: () => toast.done(t('account.sessionEnded')),
    onError: toast.failed,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  return (
    <Card aria-labelledby="sessions">
      <CardHeader id="sessions" title={t('account.sessions')} />
      {sessions.isError ? (
        <Problem error={sessions.error} onRetry={() => sessions.refetch()} className="m-4" />
      ) : sessions.isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <ul className="pb-2">
          {sessions.data.items.map((session) => (
            <li
              key={session.id}
              data-session={session.current ? 'current' : 'other'}
              className="flex items-center gap-3 px-4 py-2 sm:px-5"
            >
              <MonitorSmartphone aria-hidden className="size-4 shrink-0 text-ink-faint" />
              <span className="min-w-0 flex-1">
                <span className="block truncate text-ink text-sm" title={session.agent ?? ''}>
                  {session.agent ?? t('account.unknownAgent')}
                </span>
                <span className="block truncate text-ink-faint text-xs">
                  {session.peer ? `${session.peer} · ` : null}
                  <RelativeTime at={session.seen_at} />
                </span>
              </span>
              {session.current ? (
                <Badge tone="ok">{t('account.thisOne')}</Badge>
              ) : (
                <Button
                  size="sm"
                  tone="ghost"
                  icon={<LogOut aria-hidden />}
                  onClick={() => end.mutate(session)}
                >
                  {t('account.endSession')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
