import { useInfiniteQuery } from '@tanstack/react-query'
import { CheckCheck } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { changesQuery } from '@/api/oversight'
import type { PendingChange } from '@/api/types'
import { useNames } from '@/app/names'
import { useSession } from '@/app/session'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import type { VirtualColumn } from '@/ui/virtual-table'
import { STATE_TONES } from './effect'
import { CHANGE_STATES, type ChangesSearch } from './search'

interface ChangesListProps {
  state: NonNullable<ChangesSearch['standing']>
  openId: string | undefined
  onState: (state: ChangesSearch['standing']) => void
  onOpen: (id: string) => void
}

/** The inbox: changes that one may know of, in one state or any. */
export function ChangesList({ state, openId, onState, onOpen }: ChangesListProps) {
  const { t } = useTranslation()
  const names = useNames()
  const { user } = useSession()
  const list = useInfiniteQuery(changesQuery(state === 'any' ? undefined : state))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const columns: VirtualColumn<PendingChange>[] = [
    {
      id: 'operation',
      header: t('changes.operation'),
      opens: true,
      cell: (one) => (
        <span className="text-ink">
          <code className="font-medium font-mono text-sm">{one.operation}</code>
          <span className="ms-2 text-ink-soft text-xs">{one.reason}</span>
        </span>
      ),
    },
    {
      id: 'author',
      header: t('changes.author'),
      width: 'w-40',
      from: 'md',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {names(one.author_id)}
          {one.author_id === user.id ? (
            <span className="ms-1.5 text-ink-faint text-xs">{t('changes.own')}</span>
          ) : null}
        </span>
      ),
    },
    {
      id: 'path',
      header: t('changes.request'),
      width: 'w-[32rem]',
      from: '2xl',
      cell: (one) => (
        <code className="block truncate font-mono text-ink-soft text-xs">
          {one.method} {one.path}
        </code>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-32',
      cell: (one) => (
        <Badge tone={STATE_TONES[one.state]} dot>
          {t(`changes.states.${one.state}`)}
        </Badge>
      ),
    },
    {
      id: 'asked',
      header: t('accessRequests.askedAt'),
      width: 'w-32',
      from: 'sm',
      cell: (one) => (
        <span className="text-ink-soft">
          <RelativeTime at={one.created_at} />
        </span>
      ),
    },
    {
      id: 'expires',
      header: t('changes.expires'),
      width: 'w-32',
      from: 'lg',
      cell: (one) => (
        <span className="text-ink-soft">
          {one.state === 'pending' ? <RelativeTime at={one.expires_at} /> : t('common.none')}
        </span>
      ),
    },
  ]
  return (
    <ListCard
      title={t('changes.tabs.changes')}
      actions={
        <Select
          aria-label={t('keys.state')}
          value={state}
          onChange={(event) => {
            const next = event.target.value as NonNullable<ChangesSearch['standing']>
            onState(next === 'pending' ? undefined : next)
          }}
        >
          {CHANGE_STATES.map((one) => (
            <option key={one} value={one}>
              {t(`changes.states.${one}`)}
            </option>
          ))}
          <option value="any">{t('accessRequests.anyState')}</option>
        </Select>
      }
      list={list}
      rows={rows}
      columns={columns}
      rowId={(one) => one.id}
      openId={openId}
      onOpen={(one) => onOpen(one.id)}
      empty={
        <Empty
          icon={CheckCheck}
          title={t(state === 'pending' ? 'changes.emptyTitle' : 'changes.noneTitle')}
        >
          {t('changes.emptyText')}
        </Empty>
      }
    />
  )
}
