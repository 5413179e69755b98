import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, Inbox, Pause, Pencil, Play, Send, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import { call } from '@/api/client'
import type { Channel, Delivery } from '@/api/types'
import { Editing } from '@/app/editing'
import { ActionButton } from '@/app/permission'
import { spanOf } from '@/format/time'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Empty } from '@/ui/empty'
import { Facts } from '@/ui/facts'
import { ListCard } from '@/ui/list-card'
import { Badge, type Tone } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { ChannelDialog } from './ChannelDialog'
import { written } from './matching'
import { deliveriesQuery } from './queries'

const TONES: Record<Delivery['state'], Tone> = { waiting: 'warn', sent: 'ok', failed: 'bad' }

interface ChannelDrawerProps {
  channel: Channel
  where: Place
  onClose: () => void
}

/** One channel: what it hears of, a message to try it, and what came of those that were sent. */
export function ChannelDrawer({ channel, where, onClose }: ChannelDrawerProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const write = { permission: 'alert:write', place: where }
  const path = `/notification-channels/${channel.id}`
  const changed = () => void queries.invalidateQueries({ queryKey: ['channels'] })
  const test = useMutation({
    mutationFn: () => call<{ problem: string | null }>('POST', `${path}/test`),
    onError: toast.failed,
  })
  const turn = useMutation({
    mutationFn: () =>
      call<Channel>('PATCH', path, {
        body: { enabled: !channel.enabled },
        ifMatch: channel.revision,
      }),
    onError: toast.failed,
    onSettled: changed,
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE', path, { ifMatch: channel.revision }),
    onSuccess: () => {
      toast.done(t('channels.removed', { name: channel.name }))
      onClose()
    },
    onError: toast.failed,
    onSettled: () => {
      setRemoving(false)
      changed()
    },
  })
  return (
    <Drawer
      title={channel.name}
      description={t(`channels.kinds.${channel.kind}`)}
      actions={
        <>
          <ActionButton
            {...write}
            tone="primary"
            icon={<Send aria-hidden />}
            busy={test.isPending}
            onClick={() => test.mutate()}
          >
            {t('channels.test')}
          </ActionButton>
          <ActionButton {...write} icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
            {t('common.edit')}
          </ActionButton>
          <ActionButton
            {...write}
            busy={turn.isPending}
            icon={channel.enabled ? <Pause aria-hidden /> : <Play aria-hidden />}
            onClick={() => turn.mutate()}
          >
            {t(channel.enabled ? 'objectives.turnOff' : 'objectives.turnOn')}
          </ActionButton>
          <ActionButton {...write} icon={<Trash2 aria-hidden />} onClick={() => setRemoving(true)}>
            {t('common.remove')}
          </ActionButton>
        </>
      }
      onClose={onClose}
    >
      <div className="space-y-6">
        {test.data ? <Tested problem={test.data.problem} /> : null}
        <Facts
          facts={[
            {
              id: 'state',
              name: t('keys.state'),
              value: t(channel.enabled ? 'identity.on' : 'identity.off'),
            },
            { id: 'host', name: t('channels.leads'), value: channel.host },
            {
              id: 'recipients',
              name: t('channels.recipients'),
              value: channel.email?.recipients.join(', '),
            },
            {
              id: 'signed',
              name: t('channels.signed'),
              value: t(channel.is_signed ? 'common.yes' : 'common.no'),
            },
            {
              id: 'hears',
              name: t('channels.hears'),
              value: t(`channels.from.${channel.min_severity}`),
            },
            {
              id: 'matchers',
              name: t('matchers.title'),
              value: channel.matchers.map(written).join(' '),
            },
            {
              id: 'language',
              name: t('channels.language'),
              value: t(`channels.languages.${channel.language}`),
            },
            {
              id: 'group',
              name: t('channels.groupBy'),
              value: channel.group_by.join(', ') || t('channels.oneGroup'),
            },
            {
              id: 'wait',
              name: t('channels.groupWaitS'),
              value: spanOf(channel.group_wait_s, language),
            },
            {
              id: 'interval',
              name: t('channels.groupIntervalS'),
              value: spanOf(channel.group_interval_s, language),
            },
            {
              id: 'repeat',
              name: t('channels.repeatIntervalS'),
              value: spanOf(channel.repeat_interval_s, language),
            },
            {
              id: 'resolved',
              name: t('channels.sendResolved'),
              value: t(channel.send_resolved ? 'common.yes' : 'common.no'),
            },
          ]}
        />
        <Deliveries channelId={channel.id} />
      </div>
      {editing ? (
        <Editing<Channel>
          path={`/notification-channels/${channel.id}`}
          title={channel.name}
          onClose={() => setEditing(false)}
        >
          {(begun) => (
            <ChannelDialog
              owner={channel.org_id}
              channel={begun}
              onClose={() => setEditing(false)}
            />
          )}
        </Editing>
      ) : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('channels.removeTitle', { name: channel.name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('channels.removeText')}</p>
      </Confirm>
    </Drawer>
  )
}

/** What came of a message to try the channel. */
function Tested({ problem }: { problem: string | null }) {
  const { t } = useTranslation()
  return problem === null ? (
    <p
      role="status"
      data-tested="taken"
      className="flex items-center gap-2 rounded-lg bg-ok-soft px-3.5 py-2.5 text-ok-ink text-sm"
    >
      <CircleCheck aria-hidden className="size-4 shrink-0" />
      {t('channels.taken')}
    </p>
  ) : (
    <div
      role="alert"
      data-tested="refused"
      className="rounded-lg bg-bad-soft px-3.5 py-2.5 text-sm"
    >
      <p className="font-medium text-bad-ink">{t('channels.refused')}</p>
      <p className="wrap-anywhere text-ink">{problem}</p>
    </div>
  )
}

function Deliveries({ channelId }: { channelId: string }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(deliveriesQuery(channelId))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const columns: VirtualColumn<Delivery>[] = [
    {
      id: 'alerts',
      header: t('alerts.tabs.alerts'),
      cell: (one) => (
        <span className="block min-w-0">
          <span className="block truncate text-ink">
            {[...new Set(one.alerts.map(({ name }) => name))].join(', ') ||
              Object.values(one.labels).join(' ')}
          </span>
          {one.problem ? (
            <span className="block truncate text-bad-ink text-xs" title={one.problem}>
              {one.problem}
            </span>
          ) : null}
        </span>
      ),
    },
    {
      id: 'attempts',
      header: t('channels.attempts'),
      width: 'w-24',
      align: 'end',
      from: 'md',
      cell: (one) => <span className="tabular">{one.attempts}</span>,
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={TONES[one.state]} dot>
          {t(`channels.deliveries.${one.state}`)}
        </Badge>
      ),
    },
    {
      id: 'at',
      header: t('channels.at'),
      width: 'w-32',
      from: 'sm',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.finished_at ?? one.created_at} />
        </span>
      ),
    },
  ]
  return (
    <ListCard
      title={t('channels.sent')}
      list={list}
      rows={rows}
      columns={columns}
      rowId={(one) => one.id}
      empty={
        <Empty icon={Inbox} title={t('channels.noneSentTitle')}>
          {t('channels.noneSentText')}
        </Empty>
      }
    />
  )
}
