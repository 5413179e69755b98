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
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Confirm } from '@/ui/confirm'
import { columnsOf, DataTable } from '@/ui/data-table'
import { Empty } from '@/ui/empty'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { CreateKeyDialog } from './CreateKeyDialog'
import { KeyDrawer } from './KeyDrawer'
import { KEY_TONES, type KeyState, keyState } from './key-state'

const helper = columnsOf<ApiKey>()

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

  const columns = useMemo(
    () =>
      helper.columns([
        helper.accessor('name', {
          header: t('keys.name'),
          cell: ({ row: { original } }) => (
            <button
              type="button"
              onClick={() => choose(original.id)}
              className="focus-inset block min-w-0 max-w-80 rounded text-start"
            >
              <span className="block truncate font-medium text-ink hover:underline">
                {original.name}
              </span>
              <code className="font-mono text-ink-faint text-xs">{original.hint}</code>
            </button>
          ),
        }),
        helper.accessor((key) => keyState(key, Date.now()), {
          id: 'state',
          header: t('keys.state'),
          cell: ({ getValue }) => {
            const state = getValue<KeyState>()
            return (
              <Badge tone={KEY_TONES[state]} dot>
                {t(`keys.states.${state}`)}
              </Badge>
            )
          },
        }),
        helper.accessor((key) => key.models?.join(', ') ?? '', {
          id: 'models',
          header: t('keys.models'),
          cell: ({ getValue }) => (
            <span className="block max-w-72 truncate text-ink-soft">
              {getValue() || t('keys.allModels')}
            </span>
          ),
        }),
        helper.accessor('last_used_at', {
          header: t('keys.lastUsed'),
          cell: ({ getValue }) => {
            const at = getValue()
            return (
              <span className="text-ink-soft">
                {at ? <RelativeTime at={at} /> : t('keys.never')}
              </span>
            )
          },
        }),
        helper.accessor('expires_at', {
          header: t('keys.expires'),
          cell: ({ getValue }) => {
            const at = getValue()
            return (
              <span className="whitespace-nowrap text-ink-soft">
                {at ? dateOf(at, language) : t('keys.neverExpires')}
              </span>
            )
          },
        }),
        helper.accessor('created_at', {
          header: t('keys.created'),
          cell: ({ getValue }) => (
            <span className="whitespace-nowrap text-ink-soft">{dateOf(getValue(), language)}</span>
          ),
        }),
        helper.display({
          id: 'actions',
          header: () => <span className="sr-only">{t('common.actions')}</span>,
          cell: ({ row: { original } }) =>
            original.revoked_at ? null : (
              <ActionButton
                permission="key:revoke"
                size="sm"
                tone="ghost"
                aria-label={t('keys.revokeNamed', { name: original.name })}
                onClick={() => setRevoking(original)}
                icon={<Ban aria-hidden />}
              >
                <span className="max-sm:sr-only">{t('keys.revoke')}</span>
              </ActionButton>
            ),
        }),
      ]),
    [t, language, choose],
  )

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
            <DataTable
              label={t('pages.keys')}
              columns={columns}
              looks={{
                models: { from: 'xl' },
                last_used_at: { from: 'md' },
                expires_at: { from: 'lg' },
                created_at: { from: 'xl' },
                actions: { align: 'end' },
              }}
              rows={rows}
              rowId={(key) => key.id}
            />
            {keys.hasNextPage ? (
              <div className="border-line border-t p-3 text-center">
                <Button
                  size="sm"
                  busy={keys.isFetchingNextPage}
                  onClick={() => keys.fetchNextPage()}
                >
                  {t('common.more')}
                </Button>
              </div>
            ) : null}
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
