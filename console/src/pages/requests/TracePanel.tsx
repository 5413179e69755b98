import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { usePlace } from '@/app/session'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { traceQuery } from './queries'
import { TraceTimeline } from './TraceTimeline'

/** The trace of a call within its details; on a page of its own there is more room for it. */
export function TracePanel({ traceId }: { traceId: string | null }) {
  return (
    <Permitted permission="trace:read">
      <Trace traceId={traceId} />
    </Permitted>
  )
}

function Trace({ traceId }: { traceId: string | null }) {
  const { t } = useTranslation()
  const place = usePlace()
  const trace = useQuery({
    ...traceQuery(traceId ?? '', place?.organization.id),
    enabled: traceId !== null,
  })
  if (traceId === null || trace.data === null) return <NoTrace />
  if (trace.isError) return <Problem error={trace.error} onRetry={() => trace.refetch()} />
  if (!trace.data) return <SkeletonRows />
  return (
    <div className="space-y-3">
      <TraceTimeline trace={trace.data} />
      <Link
        to="/traces/$traceId"
        params={{ traceId }}
        className="font-medium text-accent-ink text-sm underline"
      >
        {t('trace.open')}
      </Link>
    </div>
  )
}

export function NoTrace() {
  const { t } = useTranslation()
  return (
    <div className="rounded-lg bg-sunken px-4 py-6 text-center text-sm" data-trace="none">
      <p className="font-medium text-ink">{t('trace.noneTitle')}</p>
      <p className="mx-auto mt-1 max-w-md text-ink-soft">{t('trace.noneText')}</p>
    </div>
  )
}
