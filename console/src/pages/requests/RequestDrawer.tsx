import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { FullCall } from '@/api/types'
import { useHere, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { money } from '@/format/money'
import { count, duration } from '@/format/number'
import { fullTime } from '@/format/time'
import { optionalText } from '@/i18n'
import { AsCode } from '@/ui/as-code'
import { CodeBlock } from '@/ui/code'
import { CopyButton } from '@/ui/copy'
import { Drawer } from '@/ui/drawer'
import { type Fact, Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { Tabs } from '@/ui/tabs'
import { CallActions } from './CallActions'
import { DecisionPanel } from './DecisionPanel'
import { Feedback } from './Feedback'
import { Messages } from './Messages'
import { pretty } from './messages'
import { callQuery } from './queries'
import { ReplayButton } from './ReplayButton'
import { callIdOf, type RequestRow, rowOfCall } from './rows'
import { StatusBadge } from './StatusBadge'
import { DETAIL_TABS, type DetailTab } from './search'
import { TracePanel } from './TracePanel'

interface RequestDrawerProps {
  requestId: string
  /** What the list knows of it; a link may open a request that is on no page of the list. */
  row: RequestRow | undefined
  tab: DetailTab | undefined
  onTab: (tab: DetailTab) => void
  onClose: () => void
}

/** One call in full: what was said, why it went where it went, and where its time went. */
export function RequestDrawer({ requestId, row, tab, onTab, onClose }: RequestDrawerProps) {
  const { t } = useTranslation()
  const permits = usePermits()
  const here = useHere()
  // A line of the ledger tells that there is no call record; a bare link tells nothing.
  const wanted = permits('call:read', here) && (row === undefined || row.level !== null)
  const full = useQuery({ ...callQuery(callIdOf(requestId)), enabled: wanted })
  const call = full.data ?? null
  const facts = row ?? (call ? rowOfCall(call, new Map()) : undefined)
  const shown = tab ?? (wanted ? 'messages' : 'decision')
  return (
    <Drawer
      title={facts?.model ?? requestId}
      description={
        <span className="flex flex-wrap items-center gap-x-1.5">
          <code className="wrap-anywhere font-mono text-xs">{requestId}</code>
          <CopyButton text={requestId} label={t('common.requestId')} />
        </span>
      }
      actions={
        <>
          {call ? <ReplayButton call={call} /> : null}
          {call ? <CallActions call={call} /> : null}
          <AsCode
            request={{
              method: 'GET',
              path: `/calls/${callIdOf(requestId)}`,
              sdk: 'calls.get',
              positional: [callIdOf(requestId)],
              cli: `mainspring calls show ${requestId}`,
            }}
          />
        </>
      }
      onClose={onClose}
    >
      {facts ? <RequestFacts row={facts} call={call} /> : null}
      <Tabs.Root value={shown} onValueChange={(next) => onTab(next as DetailTab)} className="mt-5">
        <Tabs.List aria-label={t('requestDetail.views')} className="max-w-full overflow-x-auto">
          {DETAIL_TABS.map((one) => (
            <Tabs.Trigger key={one} value={one}>
              {t(`requestDetail.tabs.${one}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="messages" className="mt-4 outline-offset-4">
          {!wanted ? (
            <NothingKept />
          ) : full.isError ? (
            <Problem error={full.error} onRetry={() => full.refetch()} />
          ) : full.isPending ? (
            <SkeletonRows />
          ) : call === null || (call.request === null && call.answer === null) ? (
            <NothingKept />
          ) : (
            <>
              <Messages call={call} />
              <Feedback call={call} />
            </>
          )}
        </Tabs.Content>
        <Tabs.Content value="decision" className="mt-4 outline-offset-4">
          <DecisionPanel requestId={requestId} />
        </Tabs.Content>
        <Tabs.Content value="trace" className="mt-4 outline-offset-4">
          <TracePanel traceId={facts?.traceId ?? null} />
        </Tabs.Content>
        <Tabs.Content value="raw" className="mt-4 space-y-4 outline-offset-4">
          <CodeBlock
            code={pretty(call ?? facts ?? null)}
            label={t('requestDetail.tabs.raw')}
            className="bg-surface"
          />
        </Tabs.Content>
      </Tabs.Root>
    </Drawer>
  )
}

function NothingKept() {
  const { t } = useTranslation()
  return (
    <div className="rounded-lg bg-sunken px-4 py-6 text-center text-sm" data-kept="nothing">
      <p className="font-medium text-ink">{t('requestDetail.nothingKept')}</p>
      <p className="mx-auto mt-1 max-w-md text-ink-soft">{t('requestDetail.nothingKeptText')}</p>
    </div>
  )
}

function RequestLink({ id, name = id }: { id: string; name?: string }) {
  return (
    <Link
      to="/requests"
      search={(search) => ({ ...search, request: id })}
      className="text-accent-ink underline"
    >
      {name}
    </Link>
  )
}

function RequestFacts({ row, call }: { row: RequestRow; call: FullCall | null }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const fact = (id: string, value: Fact['value']): Fact => ({
    id,
    name: t(`requestDetail.facts.${id as 'at'}`),
    value,
  })
  const facts = [
    fact('at', fullTime(row.at, language)),
    fact('status', <StatusBadge status={row.status} outcome={row.outcome} />),
    fact('duration', duration(row.durationMs, language)),
    fact('ttft', row.stream && row.ttftMs !== null ? duration(row.ttftMs, language) : null),
    fact(
      'tokens',
      <>
        {t('requests.tokenFlow', {
          input: count(row.input, language),
          output: count(row.output, language),
        })}
        {row.estimated ? (
          <Badge tone="warn" className="ms-2">
            {t('requestDetail.estimated')}
          </Badge>
        ) : null}
      </>,
    ),
    fact(
      'cost',
      row.costNanos === null || !row.currency
        ? t('requestDetail.noPrice')
        : money(row.costNanos, row.currency, language),
    ),
    fact('operation', optionalText(t, `operations.${row.operation}`) ?? row.operation),
    fact('target', [row.upstreamModel, row.upstream].filter(Boolean).join(' @ ')),
    fact('attempts', row.attempts > 1 ? count(row.attempts, language) : null),
    fact('fallback', row.fallbackFrom),
    fact('track', row.track === 'stable' ? null : row.track),
    fact('cache', row.cache),
    fact('key', row.keyName ?? row.keyId),
    fact('user', row.userId),
    fact(
      'session',
      row.sessionId ? (
        <Link
          to="/sessions"
          search={{ session: row.sessionId, project: place?.project.id }}
          className="text-accent-ink underline"
        >
          {row.sessionId}
        </Link>
      ) : null,
    ),
    fact('replayOf', call?.replay_of ? <RequestLink id={call.replay_of.request_id} /> : null),
    fact(
      'replays',
      call && call.replays.length > 0 ? (
        <ul>
          {call.replays.map((one) => (
            <li key={one.id}>
              <RequestLink id={one.replay_request_id} name={one.model} />
            </li>
          ))}
        </ul>
      ) : null,
    ),
    fact('gateway', row.gatewayId),
    fact('level', call ? t(`capture.levels.${call.level as 'full'}`) : null),
    ...Object.entries(call?.metadata ?? {}).map(([name, value]) => ({
      id: `metadata-${name}`,
      name,
      value,
    })),
  ]
  return (
    <>
      <Facts facts={facts} />
      {call?.truncated ? (
        <p className="mt-3 rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn-ink">
          {t('requestDetail.truncated')}
        </p>
      ) : null}
    </>
  )
}
