import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { BellOff, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import { call } from '@/api/client'
import type { Silence } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import { fullTime } from '@/format/time'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Badge, type Tone } from '@/ui/status'
import { RelativeTime, useNow } from '@/ui/time'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { type SilenceState, silenceState, written } from './matching'
import { type OwnerId, silencesQuery } from './queries'
import { SilenceDialog } from './SilenceDialog'

const TONES: Record<SilenceState, Tone> = { active: 'warn', planned: 'accent', over: 'idle' }

interface SilencesTabProps {
  owner: OwnerId
  where: Place
  past: boolean
  onPast: (past: boolean) => void
}

/** What nobody wants to hear of, until when, and who said so. */
export function SilencesTab({ owner, where, past, onPast }: SilencesTabProps) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const now = Math.max(useNow(5_000), Date.now())
  const list = useInfiniteQuery(silencesQuery(owner, past))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const [creating, setCreating] = useState(false)
  const [ending, setEnding] = useState<Silence | null>(null)
  const end = useMutation({
    mutationFn: ({ id }: Silence) => call<Silence>('POST', `/silences/${id}/end`),
    onSuccess: () => toast.done(t('silences.ended')),
    onError: toast.failed,
    onSettled: () => {
      setEnding(null)
      void queries.invalidateQueries({ queryKey: ['silences'] })
    },
  })
  const columns: VirtualColumn<Silence>[] = [
    {
      id: 'matchers',
      header: t('silences.which'),
      cell: (one) => (
        <code
          className="block truncate font-mono text-ink text-xs"
          title={one.matchers.map(written).join(' ')}
        >
          {one.matchers.map(written).join(' ')}
        </code>
      ),
    },
    {
      id: 'reason',
      header: t('silences.reason'),
      width: 'w-72',
      from: 'lg',
      cell: (one) => (
        <span className="block truncate text-ink-soft" title={one.reason}>
          {one.reason}
        </span>
      ),
    },
    {
      id: 'who',
      header: t('silences.who'),
      width: 'w-44',
      from: 'xl',
      cell: (one) => <span className="block truncate text-ink-soft">{names(one.created_by)}</span>,
    },
    {
      id: 'until',
      header: t('silences.until'),
      width: 'w-32',
      from: 'sm',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.until} />
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-24',
      cell: (one) => {
        const state = silenceState(one, now)
        return (
          <Badge tone={TONES[state]} dot>
            {t(`silences.states.${state}`)}
          </Badge>
        )
      },
    },
    {
      id: 'end',
      header: <span className="sr-only">{t('common.actions')}</span>,
      width: 'w-28',
      align: 'end',
      cell: (one) =>
        silenceState(one, now) === 'over' ? null : (
          <ActionButton
            permission="alert:write"
            place={where}
            size="sm"
            aria-label={t('silences.endNamed', { which: one.matchers.map(written).join(' ') })}
            onClick={() => setEnding(one)}
          >
            {t('silences.end')}
          </ActionButton>
        ),
    },
  ]
  const create = (
    <ActionButton
      permission="alert:write"
      place={where}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('silences.create')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('alerts.tabs.silences')}
        actions={
          <>
            <label className="flex items-center gap-2 text-ink-soft text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={past}
                onChange={(event) => onPast(event.target.checked)}
              />
              {t('silences.past')}
            </label>
            {rows && rows.length > 0 ? create : null}
          </>
        }
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        empty={
          <Empty icon={BellOff} title={t('silences.emptyTitle')} action={create}>
            {t('silences.emptyText')}
          </Empty>
        }
      />
      {creating ? (
        <SilenceDialog owner={owner} matchers={[]} onClose={() => setCreating(false)} />
      ) : null}
      <Confirm
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={t('silences.endTitle')}
        action={t('silences.end')}
        busy={end.isPending}
        onConfirm={() => ending && end.mutate(ending)}
      >
        <p>{t('silences.endText')}</p>
        {ending ? (
          <p className="wrap-anywhere font-mono text-xs">
            {[...ending.matchers.map(written), fullTime(ending.until, i18n.language)].join(' · ')}
          </p>
        ) : null}
      </Confirm>
    </>
  )
}
