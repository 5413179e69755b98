import { useInfiniteQuery } from '@tanstack/react-query'
import { BellRing, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import type { Channel } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import type { VirtualColumn } from '@/ui/virtual-table'
import { ChannelDialog } from './ChannelDialog'
import { ChannelDrawer } from './ChannelDrawer'
import { written } from './matching'
import { channelsQuery, type OwnerId } from './queries'

interface ChannelsTabProps {
  owner: OwnerId
  where: Place
  openId: string | undefined
  onOpen: (id: string | undefined) => void
}

/** By which ways people are told, and of what. */
export function ChannelsTab({ owner, where, openId, onOpen }: ChannelsTabProps) {
  const { t } = useTranslation()
  const [creating, setCreating] = useState(false)
  const list = useInfiniteQuery(channelsQuery(owner))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find(({ id }) => id === openId)
  const columns: VirtualColumn<Channel>[] = [
    {
      id: 'name',
      header: t('identity.name'),
      opens: true,
      cell: (one) => <span className="font-medium text-ink">{one.name}</span>,
    },
    {
      id: 'kind',
      header: t('channels.kind'),
      width: 'w-32',
      cell: (one) => <Badge>{t(`channels.kinds.${one.kind}`)}</Badge>,
    },
    {
      id: 'where',
      header: t('channels.leads'),
      width: 'w-64',
      from: 'md',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {one.email?.recipients.join(', ') ?? one.host}
        </span>
      ),
    },
    {
      id: 'hears',
      header: t('channels.hears'),
      width: 'w-56',
      from: 'xl',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {[t(`channels.from.${one.min_severity}`), ...one.matchers.map(written)].join(' · ')}
        </span>
      ),
    },
    {
      id: 'language',
      header: t('channels.language'),
      width: 'w-40',
      from: '2xl',
      cell: (one) => (
        <span className="text-ink-soft">{t(`channels.languages.${one.language}`)}</span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-24',
      from: 'sm',
      cell: (one) => (
        <Badge tone={one.enabled ? 'ok' : 'idle'} dot>
          {t(one.enabled ? 'identity.on' : 'identity.off')}
        </Badge>
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
      {t('channels.create')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('alerts.tabs.channels')}
        actions={rows && rows.length > 0 ? create : null}
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={openId}
        onOpen={(one) => onOpen(one.id)}
        empty={
          <Empty icon={BellRing} title={t('channels.emptyTitle')} action={create}>
            {t('channels.emptyText')}
          </Empty>
        }
      />
      {open ? (
        <ChannelDrawer channel={open} where={where} onClose={() => onOpen(undefined)} />
      ) : null}
      {creating ? (
        <ChannelDialog
          owner={owner}
          channel={null}
          onSaved={(saved) => onOpen(saved.id)}
          onClose={() => setCreating(false)}
        />
      ) : null}
    </>
  )
}
