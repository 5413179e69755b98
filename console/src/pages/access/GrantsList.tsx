import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { LockKeyhole, Plus } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { ModelGrant } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import type { Place } from '@/app/session'
import { dateOf } from '@/format/time'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { GrantDialog } from './GrantDialog'
import { isExpired } from './grant-form'
import { grantsQuery } from './queries'

interface GrantsListProps {
  place: Place
  /** All organisations' grants instead of the chosen one's. */
  everywhere: boolean
  /** Only those of one model. */
  modelId?: string | undefined
  /** Stand beside the title. */
  actions?: ReactNode
}

/** To whom restricted models are open without a request, until when, and by whose decision. */
export function GrantsList({ place, everywhere, modelId, actions }: GrantsListProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const list = useInfiniteQuery(grantsQuery(everywhere ? null : place.organization.id, modelId))
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items), [list.data])
  const [creating, setCreating] = useState(false)
  const [ending, setEnding] = useState<ModelGrant | null>(null)
  const now = Date.now()
  const whom = (one: ModelGrant) =>
    one.project_id
      ? names(one.project_id)
      : t('grants.allProjects', { organization: names(one.org_id) })
  const remove = useMutation({
    mutationFn: ({ id }: ModelGrant) => call('DELETE', `/model-grants/${id}`),
    onSuccess: (_, { model }) => toast.done(t('grants.ended', { model })),
    onError: toast.failed,
    onSettled: () => {
      setEnding(null)
      void queries.invalidateQueries({ queryKey: ['model-grants'] })
    },
  })
  const columns: VirtualColumn<ModelGrant>[] = [
    {
      id: 'whom',
      header: t('grants.whom'),
      cell: (one) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">{whom(one)}</span>
          {one.reason ? (
            <span className="block truncate text-ink-soft text-xs" title={one.reason}>
              {one.reason}
            </span>
          ) : null}
        </span>
      ),
    },
    ...(modelId
      ? []
      : [
          {
            id: 'model',
            header: t('requests.model'),
            width: 'w-28 sm:w-40 lg:w-64',
            cell: (one: ModelGrant) => <span className="block truncate text-ink">{one.model}</span>,
          },
        ]),
    {
      id: 'who',
      header: t('grants.by'),
      width: 'w-40',
      from: 'xl',
      cell: (one) => <span className="block truncate text-ink-soft">{names(one.created_by)}</span>,
    },
    {
      id: 'until',
      header: t('accessRequests.until'),
      width: 'w-32',
      from: 'sm',
      cell: (one) =>
        isExpired(one, now) ? (
          <Badge>{t('accessRequests.states.ended')}</Badge>
        ) : (
          <span className="whitespace-nowrap text-ink-soft">
            {one.expires_at ? dateOf(one.expires_at, language) : t('accessRequests.withoutEnd')}
          </span>
        ),
    },
    {
      id: 'end',
      header: <span className="sr-only">{t('common.actions')}</span>,
      width: 'w-28',
      align: 'end',
      cell: (one) => (
        <ActionButton
          permission="access:grant"
          place="platform"
          size="sm"
          aria-label={t('grants.endNamed', { model: one.model, whom: whom(one) })}
          onClick={() => setEnding(one)}
        >
          {t('grants.end')}
        </ActionButton>
      ),
    },
  ]
  const create = (
    <ActionButton
      permission="access:grant"
      place="platform"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('grants.create')}
    </ActionButton>
  )
  return (
    <>
      <ListCard
        title={t('accessRequests.tabs.grants')}
        actions={
          <>
            {actions}
            {rows && rows.length > 0 ? create : null}
          </>
        }
        list={list}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        empty={
          <Empty icon={LockKeyhole} title={t('grants.emptyTitle')} action={create}>
            {t('grants.emptyText')}
          </Empty>
        }
      />
      {creating ? (
        <GrantDialog place={place} modelId={modelId} onClose={() => setCreating(false)} />
      ) : null}
      <Confirm
        open={ending !== null}
        onOpenChange={(open) => !open && setEnding(null)}
        title={t('grants.endTitle', {
          model: ending?.model ?? '',
          whom: ending ? whom(ending) : '',
        })}
        action={t('grants.end')}
        busy={remove.isPending}
        onConfirm={() => ending && remove.mutate(ending)}
      >
        <p>{t('grants.endText')}</p>
      </Confirm>
    </>
  )
}
