import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Lock, Plus, Scale } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Policy } from '@/api/types'
import { Editing } from '@/app/editing'
import { useNames } from '@/app/names'
import { ActionButton, Permitted, usePermits } from '@/app/permission'
import type { Place } from '@/app/session'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { PolicyDialog } from './PolicyDialog'
import { levelOf } from './policy-form'
import { policiesQuery } from './queries'
import { ruleWords } from './rule-words'

interface PoliciesTabProps {
  place: Place
  openId: string | undefined
  onOpen: (id: string | undefined) => void
}

/** Policies as they are written, with what each is attached to. */
export function PoliciesTab({ place, openId, onOpen }: PoliciesTabProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const [creating, setCreating] = useState(false)
  const [removing, setRemoving] = useState<Policy | null>(null)
  const everywhere = { orgId: place.organization.id }
  const list = useInfiniteQuery({
    ...policiesQuery(place.organization.id),
    enabled: usePermits()('policy:read', everywhere),
  })
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const open = rows?.find(({ id }) => id === openId)
  const remove = useMutation({
    mutationFn: (policy: Policy) => call('DELETE', `/policies/${policy.id}`),
    onSuccess: (_, policy) => {
      toast.done(t('policies.removed', { name: policy.name }))
      onOpen(undefined)
    },
    onError: toast.failed,
    onSettled: () => {
      setRemoving(null)
      void queries.invalidateQueries({ queryKey: ['policies'] })
      void queries.invalidateQueries({ queryKey: ['effective-policy'] })
    },
  })
  const columns: VirtualColumn<Policy>[] = [
    {
      id: 'name',
      header: t('policies.name'),
      width: 'sm:w-64',
      opens: true,
      cell: (one) => (
        <span className="inline-flex items-center gap-1.5 font-medium text-ink">
          {one.locked ? <Lock aria-hidden className="size-3.5 text-ink-faint" /> : null}
          {one.name}
        </span>
      ),
    },
    {
      id: 'where',
      header: t('policies.where'),
      width: 'w-36 sm:w-52',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {t(`policies.levels.${levelOf(one)}`)}
          {one.key_id || one.project_id
            ? `${t('common.colon')}${names(one.key_id ?? one.project_id ?? '')}`
            : null}
        </span>
      ),
    },
    {
      id: 'models',
      header: t('keys.models'),
      width: 'w-44',
      from: 'xl',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {one.models.join(', ') || t('common.all')}
        </span>
      ),
    },
    {
      id: 'rules',
      header: t('policies.says'),
      from: 'md',
      cell: (one) => (
        <span className="block truncate text-ink-soft">
          {[
            ...one.parameters.map((rule) => `${rule.name} ${ruleWords(rule, t).join(', ')}`),
            ...(one.cache ? [t('policies.cacheSays', { mode: one.cache.mode ?? 'exact' })] : []),
            ...(one.capture
              ? [
                  t('policies.captureSays', {
                    level: t(`capture.levels.${one.capture.level ?? 'full'}`),
                  }),
                ]
              : []),
          ].join(' · ') || t('common.none')}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
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
      permission="policy:write"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('policies.create')}
    </ActionButton>
  )
  return (
    <>
      <Permitted permission="policy:read" place={everywhere}>
        <ListCard
          title={t('policies.tabs.written')}
          actions={rows && rows.length > 0 ? create : null}
          list={list}
          rows={rows}
          columns={columns}
          rowId={(one) => one.id}
          openId={openId}
          onOpen={(one) => onOpen(one.id)}
          empty={
            <Empty icon={Scale} title={t('policies.emptyTitle')} action={create}>
              {t('policies.emptyText')}
            </Empty>
          }
        />
      </Permitted>
      {open ? (
        <Editing<Policy>
          key={open.id}
          path={`/policies/${open.id}`}
          title={open.name}
          onClose={() => onOpen(undefined)}
        >
          {(begun) => (
            <PolicyDialog
              place={place}
              policy={begun}
              onRemove={() => setRemoving(open)}
              onClose={() => onOpen(undefined)}
            />
          )}
        </Editing>
      ) : null}
      {creating ? (
        <PolicyDialog place={place} policy={null} onClose={() => setCreating(false)} />
      ) : null}
      <Confirm
        open={removing !== null}
        onOpenChange={(next) => !next && setRemoving(null)}
        title={t('policies.removeTitle', { name: removing?.name ?? '' })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing)}
      >
        <p>{t('policies.removeText')}</p>
      </Confirm>
    </>
  )
}
