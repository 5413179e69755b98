import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, KeyRound, Plus } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { keysQuery } from '@/api/queries'
import { objectQuery } from '@/api/tagged'
import type { ApiKey } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { usePlace } from '@/app/session'
import { dateOf } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Card, CardHeader } from '@/ui/card'
import { Confirm } from '@/ui/confirm'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { type VirtualColumn, VirtualTable } from '@/ui/virtual-table'
import { CreateKeyDialog } from './CreateKeyDialog'
import { KeyDrawer } from './KeyDrawer'
import { KEY_TONES, keyState } from './key-state'

/** The project's API keys: who may call the gateway, and how to end that. */
export default function KeysPage() {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const projectId = place?.project.id ?? ''
  const navigate = useNavigate()
  const { create, key: chosen } = useSearch({ from: '/app/keys' })
  const choose = useCallback(
    (key: string | undefined) =>
      navigate({ to: '/keys', search: (search) => ({ ...search, key }), replace: true }),
    [navigate],
  )
  const setCreate = (open: boolean) =>
    navigate({
      to: '/keys',
      search: (search) => ({ ...search, create: open || undefined }),
      replace: true,
    })
  const queries = useQueryClient()
  const toast = useToast()
  const keys = useInfiniteQuery({ ...keysQuery(projectId), enabled: projectId !== '' })
  const rows = useMemo(() => keys.data?.pages.flatMap((page) => page.items), [keys.data])
  const listed = rows?.find(({ id }) => id === chosen)
  // An address may name a key further down the list, or of another project.
  const alone = useQuery({
    ...objectQuery<ApiKey>(['keys'], `/keys/${chosen ?? ''}`),
    enabled: chosen !== undefined && rows !== undefined && listed === undefined,
    retry: false,
  })
  const open = listed ?? (chosen ? alone.data : undefined)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => call('DELETE', `/keys/${key.id}`),
    onSuccess: (_, key) => {
      toast.done(t('keys.revoked', { name: key.name }))
      queries.invalidateQueries({ queryKey: keysQuery(projectId).queryKey })
    },
    onError: toast.failed,
    onSettled: () => setRevoking(null),
  })

  const columns: VirtualColumn<ApiKey>[] = [
    {
      id: 'name',
      header: t('keys.name'),
      opens: true,
      cell: (key) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium text-ink">{key.name}</span>
          <code className="block truncate font-mono text-ink-faint text-xs">{key.hint}</code>
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28 sm:w-32',
      cell: (key) => {
        const state = keyState(key, Date.now())
        return (
          <Badge tone={KEY_TONES[state]} dot>
            {t(`keys.states.${state}`)}
          </Badge>
        )
      },
    },
    {
      id: 'models',
      header: t('keys.models'),
      width: 'w-56 2xl:w-80',
      from: 'xl',
      cell: (key) => (
        <span className="block truncate text-ink-soft">
          {key.models?.join(', ') ?? t('keys.allModels')}
        </span>
      ),
    },
    {
      id: 'used',
      header: t('keys.lastUsed'),
      width: 'w-36',
      from: 'md',
      cell: (key) => (
        <span className="text-ink-soft">
          {key.last_used_at ? <RelativeTime at={key.last_used_at} /> : t('keys.never')}
        </span>
      ),
    },
    {
      id: 'expires',
      header: t('keys.expires'),
      width: 'w-36',
      from: 'lg',
      cell: (key) => (
        <span className="text-ink-soft">
          {key.expires_at ? dateOf(key.expires_at, language) : t('keys.neverExpires')}
        </span>
      ),
    },
    {
      id: 'created',
      header: t('keys.created'),
      width: 'w-36',
      from: '2xl',
      cell: (key) => <span className="text-ink-soft">{dateOf(key.created_at, language)}</span>,
    },
    {
      id: 'actions',
      header: <span className="sr-only">{t('common.actions')}</span>,
      width: 'w-16 sm:w-32',
      align: 'end',
      cell: (key) =>
        key.revoked_at ? null : (
          <ActionButton
            permission="key:revoke"
            size="sm"
            tone="ghost"
            aria-label={t('keys.revokeNamed', { name: key.name })}
            onClick={() => setRevoking(key)}
            icon={<Ban aria-hidden />}
          >
            <span className="max-sm:sr-only">{t('keys.revoke')}</span>
          </ActionButton>
        ),
    },
  ]

  const createButton = (
    <ActionButton
      permission="key:write"
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreate(true)}
    >
      {t('keys.create')}
    </ActionButton>
  )

  return (
    <Page
      title={t('pages.keys')}
      description={t('keys.description')}
      actions={
        rows && rows.length > 0 ? (
          <>
            <AsCode
              request={{
                method: 'GET',
                path: `/projects/${projectId}/keys`,
                sdk: 'projects.keys.list',
                positional: [projectId],
                cli: `mainspring keys list --project ${projectId}`,
              }}
            />
            {createButton}
          </>
        ) : null
      }
    >
      {chosen && alone.isError ? <Problem error={alone.error} className="mb-4" /> : null}
      <Card aria-labelledby="keys">
        {keys.isError ? (
          <Problem error={keys.error} onRetry={() => keys.refetch()} className="m-4" />
        ) : rows === undefined ? (
          <SkeletonRows />
        ) : rows.length === 0 ? (
          <Empty icon={KeyRound} title={t('keys.emptyTitle')} action={createButton}>
            {t('keys.emptyText')}
          </Empty>
        ) : (
          <>
            <CardHeader
              id="keys"
              title={t('keys.ofProject', { project: place?.project.name ?? '' })}
              hint={t('keys.count', { count: rows.length })}
            />
            <VirtualTable
              label={t('pages.keys')}
              columns={columns}
              rows={rows}
              rowId={(key) => key.id}
              openId={chosen}
              onOpen={(key) => void choose(key.id)}
              hasMore={keys.hasNextPage}
              loadingMore={keys.isFetchingNextPage}
              onMore={() => void keys.fetchNextPage()}
              className="max-h-[calc(100dvh-14rem)]"
            />
          </>
        )}
      </Card>
      {create && place ? (
        <CreateKeyDialog
          organizationId={place.organization.id}
          projectId={projectId}
          onClose={() => setCreate(false)}
        />
      ) : null}
      {open ? (
        <KeyDrawer
          apiKey={open}
          onRevoke={() => setRevoking(open)}
          onClose={() => choose(undefined)}
        />
      ) : null}
      <Confirm
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t('keys.revokeTitle', { name: revoking?.name ?? '' })}
        action={t('keys.revokeAction')}
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      >
        <p>{t('keys.revokeText')}</p>
        <p>
          {revoking?.last_used_at ? (
            <>
              {t('keys.lastUsed')}
              {t('common.colon')}
              <RelativeTime at={revoking.last_used_at} />
            </>
          ) : (
            t('keys.revokeUnused')
          )}
        </p>
      </Confirm>
    </Page>
  )
}
