import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { BadgeCheck, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { TokenIssuer } from '@/api/types'
import { Editing } from '@/app/editing'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import type { Place } from '@/app/session'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Empty } from '@/ui/empty'
import { Facts } from '@/ui/facts'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { IssuerDialog } from './IssuerDialog'
import { issuersQuery } from './queries'

interface IssuersTabProps {
  orgId: string
  place: Place
  openId: string | undefined
  onOpen: (id: string | undefined) => void
}

/** Whose tokens the gateway takes instead of keys. */
export function IssuersTab({ orgId, place, openId, onOpen }: IssuersTabProps) {
  const { t } = useTranslation()
  const [creating, setCreating] = useState(false)
  const list = useInfiniteQuery(issuersQuery(orgId))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find(({ id }) => id === openId)
  const columns: VirtualColumn<TokenIssuer>[] = [
    {
      id: 'name',
      header: t('identity.name'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.name}
          <span className="ms-2 font-mono font-normal text-ink-faint text-xs">{one.issuer}</span>
        </span>
      ),
    },
    {
      id: 'audience',
      header: t('issuers.audience'),
      width: 'w-48',
      from: 'lg',
      cell: (one) => <code className="font-mono text-ink-soft text-xs">{one.audience}</code>,
    },
    {
      id: 'grants',
      header: t('issuers.grants'),
      width: 'w-24',
      align: 'end',
      from: 'sm',
      cell: (one) => <span className="tabular">{one.grants.length}</span>,
    },
    {
      id: 'state',
      header: t('issuers.keys'),
      width: 'w-36',
      cell: (one) => <KeyState issuer={one} />,
    },
  ]
  const create = (
    <ActionButton
      permission="token_issuer:write"
      place={{ orgId }}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('issuers.create')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('identity.tabs.issuers')}
        actions={rows && rows.length > 0 ? create : null}
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        openId={openId}
        onOpen={(one) => onOpen(one.id)}
        empty={
          <Empty icon={BadgeCheck} title={t('issuers.emptyTitle')} action={create}>
            {t('issuers.emptyText')}
          </Empty>
        }
      />
      {open ? <IssuerDrawer issuer={open} place={place} onClose={() => onOpen(undefined)} /> : null}
      {creating ? (
        <IssuerDialog
          place={place}
          issuer={null}
          onSaved={(saved) => onOpen(saved.id)}
          onClose={() => setCreating(false)}
        />
      ) : null}
    </>
  )
}

function KeyState({ issuer }: { issuer: TokenIssuer }) {
  const { t } = useTranslation()
  if (issuer.problem) {
    return (
      <Badge tone="bad" dot>
        {t('issuers.noKeys')}
      </Badge>
    )
  }
  return (
    <Badge tone={issuer.key_ids.length > 0 ? 'ok' : 'idle'} dot>
      {t('issuers.keysHeld', { count: issuer.key_ids.length })}
    </Badge>
  )
}

interface IssuerDrawerProps {
  issuer: TokenIssuer
  place: Place
  onClose: () => void
}

function IssuerDrawer({ issuer, place, onClose }: IssuerDrawerProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const may = { permission: 'token_issuer:write', place: { orgId: issuer.org_id } }
  const changed = () => void queries.invalidateQueries({ queryKey: ['token-issuers'] })
  const refresh = useMutation({
    mutationFn: () => call<TokenIssuer>('POST', `/token-issuers/${issuer.id}/refresh`),
    onSuccess: (now) => {
      if (!now.problem) toast.done(t('issuers.refreshed', { count: now.key_ids.length }))
    },
    onError: toast.failed,
    onSettled: changed,
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/token-issuers/${issuer.id}`),
    onSuccess: () => {
      toast.done(t('issuers.removed', { name: issuer.name }))
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
      title={issuer.name}
      description={<code className="wrap-anywhere font-mono text-xs">{issuer.issuer}</code>}
      actions={
        <>
          <ActionButton
            {...may}
            icon={<RefreshCw aria-hidden />}
            busy={refresh.isPending}
            onClick={() => refresh.mutate()}
          >
            {t('issuers.refresh')}
          </ActionButton>
          <ActionButton {...may} icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
            {t('common.edit')}
          </ActionButton>
          <ActionButton {...may} icon={<Trash2 aria-hidden />} onClick={() => setRemoving(true)}>
            {t('common.remove')}
          </ActionButton>
        </>
      }
      onClose={onClose}
    >
      {issuer.problem ? (
        <p className="wrap-anywhere mb-4 rounded-lg bg-bad-soft px-3.5 py-2.5 text-bad-ink text-sm">
          {issuer.problem}
        </p>
      ) : null}
      <Facts
        facts={[
          { id: 'audience', name: t('issuers.audience'), value: issuer.audience },
          { id: 'jwks', name: t('issuers.jwks'), value: issuer.jwks_uri },
          { id: 'keys', name: t('issuers.keys'), value: <KeyState issuer={issuer} /> },
          {
            id: 'fetched',
            name: t('issuers.fetched'),
            value: issuer.keys_fetched_at ? <RelativeTime at={issuer.keys_fetched_at} /> : null,
          },
          { id: 'user', name: t('issuers.userClaim'), value: issuer.user_claim },
          { id: 'groups', name: t('providers.groupsClaim'), value: issuer.groups_claim },
          { id: 'scope', name: t('issuers.scopeClaim'), value: issuer.scope_claim },
          { id: 'project', name: t('issuers.projectClaim'), value: issuer.project_claim },
        ]}
      />
      <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('issuers.grants')}</h3>
      <ul className="space-y-1.5">
        {issuer.grants.map((grant) => (
          <li
            key={`${grant.project_id}/${grant.group ?? ''}`}
            className="flex flex-wrap items-center gap-x-3 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm"
          >
            <span className="text-ink">{grant.group ?? t('issuers.everyBearer')}</span>
            <span aria-hidden className="text-ink-faint">
              {'→'}
            </span>
            <span className="font-medium text-ink">{names(grant.project_id)}</span>
            <code className="ms-auto font-mono text-ink-soft text-xs">
              {(grant.scopes ?? []).join(' ')}
            </code>
          </li>
        ))}
      </ul>
      {editing ? (
        <Editing<TokenIssuer>
          path={`/token-issuers/${issuer.id}`}
          title={issuer.name}
          onClose={() => setEditing(false)}
        >
          {(begun) => (
            <IssuerDialog
              place={place}
              issuer={begun}
              onSaved={() => setEditing(false)}
              onClose={() => setEditing(false)}
            />
          )}
        </Editing>
      ) : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('issuers.removeTitle', { name: issuer.name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('issuers.removeText')}</p>
      </Confirm>
    </Drawer>
  )
}
