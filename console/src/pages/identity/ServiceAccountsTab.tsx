import { useInfiniteQuery } from '@tanstack/react-query'
import { Bot, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceAccount } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import type { Place } from '@/app/session'
import { dateOf } from '@/format/time'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import type { VirtualColumn } from '@/ui/virtual-table'
import { NewAccountDialog } from './NewAccountDialog'
import { serviceAccountsQuery } from './queries'
import { ServiceAccountDrawer } from './ServiceAccountDrawer'

interface ServiceAccountsTabProps {
  orgId: string
  place: Place
  openId: string | undefined
  onOpen: (id: string | undefined) => void
  /** Only those whose owner has left. */
  left: boolean
  onLeft: (left: boolean) => void
}

/** Accounts of machines, which get short-lived tokens by their id and secret. */
export function ServiceAccountsTab({
  orgId,
  place,
  openId,
  onOpen,
  left,
  onLeft,
}: ServiceAccountsTabProps) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const [creating, setCreating] = useState(false)
  const list = useInfiniteQuery(serviceAccountsQuery(orgId, left))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find(({ id }) => id === openId)
  const columns: VirtualColumn<ServiceAccount>[] = [
    {
      id: 'name',
      header: t('identity.name'),
      opens: true,
      cell: (one) => <span className="font-medium text-ink">{one.name}</span>,
    },
    {
      id: 'projects',
      header: t('organization.projects'),
      width: 'w-56',
      from: 'md',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {one.project_ids.map(names).join(', ')}
        </span>
      ),
    },
    {
      id: 'owner',
      header: t('serviceAccounts.owner'),
      width: 'w-40',
      from: 'sm',
      cell: (one) =>
        one.owner_left_at ? (
          <Badge tone="warn" dot>
            {t('serviceAccounts.ownerLeft')}
          </Badge>
        ) : (
          <span className="block truncate text-ink-soft">
            {one.owner_id ? names(one.owner_id) : t('common.none')}
          </span>
        ),
    },
    {
      id: 'scopes',
      header: t('keys.scopes'),
      width: 'w-64',
      from: 'xl',
      cell: (one) => (
        <code className="block truncate font-mono text-ink-soft text-xs">
          {one.scopes.join(' ')}
        </code>
      ),
    },
    {
      id: 'expires',
      header: t('keys.expires'),
      width: 'w-32',
      from: 'lg',
      cell: (one) => (
        <span className="text-ink-soft">
          {one.expires_at ? dateOf(one.expires_at, i18n.language) : t('keys.neverExpires')}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-32',
      cell: (one) => (
        <Badge tone={one.suspended ? 'bad' : 'ok'} dot>
          {t(one.suspended ? 'organization.suspended' : 'keys.states.active')}
        </Badge>
      ),
    },
  ]
  const create = (
    <ActionButton
      permission="service_account:write"
      place={{ orgId }}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('serviceAccounts.create')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('identity.tabs.accounts')}
        actions={
          <>
            <Select
              aria-label={t('serviceAccounts.which')}
              value={left ? 'left' : ''}
              onChange={(event) => onLeft(event.target.value === 'left')}
            >
              <option value="">{t('common.all')}</option>
              <option value="left">{t('serviceAccounts.ownerLeft')}</option>
            </Select>
            {rows && rows.length > 0 ? create : null}
          </>
        }
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={openId}
        onOpen={(one) => onOpen(one.id)}
        empty={
          left ? (
            <Empty icon={Bot} title={t('serviceAccounts.noneLeftTitle')}>
              {t('serviceAccounts.noneLeftText')}
            </Empty>
          ) : (
            <Empty icon={Bot} title={t('serviceAccounts.emptyTitle')} action={create}>
              {t('serviceAccounts.emptyText')}
            </Empty>
          )
        }
      />
      {open ? <ServiceAccountDrawer account={open} onClose={() => onOpen(undefined)} /> : null}
      {creating ? <NewAccountDialog place={place} onClose={() => setCreating(false)} /> : null}
    </>
  )
}
