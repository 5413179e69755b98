import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { API } from '@/api/client'
import { changeQuery, presentQuery } from '@/api/oversight'
import type { PendingChange } from '@/api/types'
import { useNames } from '@/app/names'
import { fullTime } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { DiffTable } from '@/ui/diff-table'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { ChangeActions } from './ChangeActions'
import { effectOf, hasPresent, STATE_TONES } from './effect'

/** One change: who wants what and why, what it would do, who agreed, and what came of it. */
export function ChangeDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const change = useQuery(changeQuery(id))
  const { data } = change
  return (
    <Drawer
      title={data ? <code className="font-mono">{data.operation}</code> : t('pages.changes')}
      description={
        data ? (
          <Badge tone={STATE_TONES[data.state]} dot>
            {t(`changes.states.${data.state}`)}
          </Badge>
        ) : null
      }
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: `/changes/${id}`,
            sdk: 'changes.get',
            positional: [id],
            cli: `mainspring changes show ${id}`,
          }}
        />
      }
      onClose={onClose}
    >
      {change.isError ? (
        <Problem error={change.error} onRetry={() => change.refetch()} />
      ) : data ? (
        <div className="space-y-6">
          <ChangeActions change={data} />
          <Wish change={data} />
          <Effect change={data} />
          <Approvals change={data} />
        </div>
      ) : (
        <SkeletonRows />
      )}
    </Drawer>
  )
}

function Wish({ change }: { change: PendingChange }) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const time = (at: string | null) => (at ? fullTime(at, i18n.language) : null)
  return (
    <section className="space-y-4">
      {change.reason ? (
        <p className="wrap-anywhere max-w-prose whitespace-pre-wrap text-ink text-sm">
          {change.reason}
        </p>
      ) : null}
      {change.state === 'failed' ? (
        <p className="wrap-anywhere rounded-lg bg-bad-soft px-3.5 py-2.5 text-bad-ink text-sm">
          {t('changes.failed', { status: change.status ?? 0, code: change.code })} {change.detail}
        </p>
      ) : null}
      {change.comment ? (
        <p className="wrap-anywhere rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
          {change.comment}
        </p>
      ) : null}
      <Facts
        className="grid-cols-[repeat(auto-fill,minmax(13rem,1fr))]"
        facts={[
          { id: 'author', name: t('changes.author'), value: names(change.author_id) },
          {
            id: 'request',
            name: t('changes.request'),
            value: (
              <code className="font-mono text-xs">
                {change.method} {change.path}
              </code>
            ),
          },
          { id: 'asked', name: t('accessRequests.askedAt'), value: time(change.created_at) },
          {
            id: 'expires',
            name: t('changes.expires'),
            value: change.state === 'pending' ? time(change.expires_at) : null,
          },
          { id: 'decided', name: t('accessRequests.decidedAt'), value: time(change.decided_at) },
          {
            id: 'by',
            name: t('changes.decidedBy'),
            value: change.decided_by ? names(change.decided_by) : null,
          },
          { id: 'answer', name: t('changes.answer'), value: change.status },
          { id: 'id', name: t('common.id'), value: change.id },
        ]}
      />
      <p>
        <Link
          to="/audit"
          search={(before) => ({ ...before, object: change.id })}
          className="font-medium text-accent-ink text-sm underline"
        >
          {t('audit.sameObject')}
        </Link>
      </p>
    </section>
  )
}

/** What would change, beside what is there now as far as the reader may see it. */
function Effect({ change }: { change: PendingChange }) {
  const { t } = useTranslation()
  const compares = hasPresent(change) && change.path.startsWith(`${API}/`)
  const present = useQuery({ ...presentQuery(change.path), enabled: compares })
  if (compares && present.isPending) return <SkeletonRows rows={3} />
  const changes = effectOf(change, present.data)
  return (
    <section aria-labelledby="effect">
      <h3 id="effect" className="mb-2 font-medium text-ink text-sm">
        {t(present.data ? 'changes.effect' : 'changes.body')}
      </h3>
      {changes.length > 0 ? (
        <DiffTable changes={changes} />
      ) : (
        <p className="text-ink-soft text-sm">{t('changes.noFields')}</p>
      )}
    </section>
  )
}

function Approvals({ change }: { change: PendingChange }) {
  const { t } = useTranslation()
  const names = useNames()
  return (
    <section aria-labelledby="approvals">
      <h3 id="approvals" className="mb-2 font-medium text-ink text-sm">
        {t('changes.approvals', { given: change.approvals.length, count: change.needs })}
      </h3>
      <ul className="space-y-2">
        {change.approvals.map((one) => (
          <li
            key={one.user_id}
            className="rounded-xl border border-line bg-surface px-4 py-3 text-sm"
          >
            <span className="font-medium text-ink">{names(one.user_id)}</span>
            <span className="ms-2 text-ink-faint text-xs">
              <RelativeTime at={one.at} />
            </span>
            {one.comment ? (
              <p className="wrap-anywhere whitespace-pre-wrap text-ink">{one.comment}</p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}
