import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { usePlace } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { CopyButton } from '@/ui/copy'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { traceQuery } from './queries'
import { NoTrace } from './TracePanel'
import { TraceTimeline } from './TraceTimeline'

/** One trace on the whole width, with a way to the requests that belong to it. */
export default function TracePage() {
  const { t } = useTranslation()
  const { traceId } = useParams({ from: '/app/traces/$traceId' })
  const place = usePlace()
  const trace = useQuery(traceQuery(traceId, place?.organization.id))
  return (
    <Page
      title={t('pages.trace')}
      description={
        <span className="flex items-center gap-1.5">
          <code className="wrap-anywhere font-mono text-xs">{traceId}</code>
          <CopyButton text={traceId} label={t('pages.trace')} />
        </span>
      }
      actions={
        <>
          <Button asChild>
            <Link to="/requests" search={{ trace: traceId }}>
              {t('trace.requests')}
            </Link>
          </Button>
          <AsCode
            request={{
              method: 'GET',
              path: `/traces/${encodeURIComponent(traceId)}`,
              sdk: 'traces.get',
              positional: [traceId],
              cli: `mainspring traces show ${traceId}`,
            }}
          />
        </>
      }
    >
      <Permitted permission="trace:read">
        {trace.isError ? (
          <Problem error={trace.error} onRetry={() => trace.refetch()} />
        ) : trace.isPending ? (
          <Card>
            <SkeletonRows />
          </Card>
        ) : trace.data === null ? (
          <NoTrace />
        ) : (
          <TraceTimeline trace={trace.data} />
        )}
      </Permitted>
    </Page>
  )
}
