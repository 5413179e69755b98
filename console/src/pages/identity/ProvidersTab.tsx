import { useInfiniteQuery } from '@tanstack/react-query'
import { LogIn, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IdentityProvider } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import type { VirtualColumn } from '@/ui/virtual-table'
import { PasswordPolicy } from './PasswordPolicy'
import { ProviderDialog } from './ProviderDialog'
import { ProviderDrawer } from './ProviderDrawer'
import { providersQuery } from './queries'

interface ProvidersTabProps {
  orgId: string
  openId: string | undefined
  onOpen: (id: string | undefined) => void
  /** The platform's own providers instead of the organisation's. */
  everywhere: boolean
  onEverywhere: (everywhere: boolean) => void
}

/** The OpenID providers that people sign in by, and what their groups become here. */
export function ProvidersTab({
  orgId,
  openId,
  onOpen,
  everywhere,
  onEverywhere,
}: ProvidersTabProps) {
  const { t } = useTranslation()
  const permits = usePermits()
  const [creating, setCreating] = useState(false)
  const owner = everywhere ? null : orgId
  const place = everywhere ? ('platform' as const) : { orgId }
  const list = useInfiniteQuery(providersQuery(owner))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find(({ id }) => id === openId)
  const columns: VirtualColumn<IdentityProvider>[] = [
    {
      id: 'name',
      header: t('identity.name'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.display_name}
          <span className="ms-2 font-mono font-normal text-ink-faint text-xs">{one.issuer}</span>
        </span>
      ),
    },
    {
      id: 'domains',
      header: t('providers.domains'),
      width: 'w-56',
      from: 'lg',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {one.allowed_domains.join(', ') || t('common.all')}
        </span>
      ),
    },
    {
      id: 'rules',
      header: t('providers.rules'),
      width: 'w-24',
      align: 'end',
      from: 'sm',
      cell: (one) => <span className="tabular">{one.rules.length}</span>,
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={one.enabled ? 'ok' : 'idle'} dot>
          {t(one.enabled ? 'identity.on' : 'identity.off')}
        </Badge>
      ),
    },
  ]
  const create = (
    <ActionButton
      permission="identity_provider:write"
      place={place}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('providers.create')}
    </ActionButton>
  )
  return (
    <>
      {everywhere ? <PasswordPolicy /> : null}
      <ListCard
        title={t('identity.tabs.providers')}
        actions={
          <>
            {permits('identity_provider:read', 'platform') ? (
              <Select
                aria-label={t('providers.of')}
                value={everywhere ? 'platform' : 'organization'}
                onChange={(event) => onEverywhere(event.target.value === 'platform')}
              >
                <option value="organization">{t('audit.here')}</option>
                <option value="platform">{t('audit.everywhere')}</option>
              </Select>
            ) : null}
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
          <Empty icon={LogIn} title={t('providers.emptyTitle')} action={create}>
            {t('providers.emptyText')}
          </Empty>
        }
      />
      {open ? <ProviderDrawer provider={open} onClose={() => onOpen(undefined)} /> : null}
      {creating ? (
        <ProviderDialog
          orgId={owner}
          provider={null}
          onSaved={(saved) => onOpen(saved.id)}
          onClose={() => setCreating(false)}
        />
      ) : null}
    </>
  )
}
