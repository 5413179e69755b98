import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Ban, KeyRound, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { keysQuery } from '@/api/queries'
import type { ApiKey } from '@/api/types'
import { usePlace } from '@/app/session'
import { dateOf } from '@/format/time'
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
import { type KeyState, keyState } from './key-state'

const TONES = { active: 'ok', expiring: 'warn', expired: 'idle', revoked: 'idle' } as const

const helper = columnsOf<ApiKey>()

/** The project's API keys: who may call the gateway, and how to end that. */
export default function KeysPage() {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const place = usePlace()
  const projectId = place?.project.id ?? ''
  const navigate = useNavigate()
  const { create } = useSearch({ from: '/app/keys' })
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
            <span className="block min-w-0 max-w-80">
              <span className="block truncate font-medium text-ink">{original.name}</span>
              <code className="font-mono text-ink-faint text-xs">{original.hint}</code>
            </span>
          ),
        }),
        helper.accessor((key) => keyState(key, Date.now()), {
          id: 'state',
          header: t('keys.state'),
          cell: ({ getValue }) => {
            const state = getValue<KeyState>()
            return (
              <Badge tone={TONES[state]} dot>
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
              <Button
                size="sm"
                tone="ghost"
                aria-label={t('keys.revokeNamed', { name: original.name })}
                onClick={() => setRevoking(original)}
                icon={<Ban aria-hidden />}
              >
                <span className="max-sm:sr-only">{t('keys.revoke')}</span>
              </Button>
            ),
        }),
      ]),
    [t, language],
  )

  const createButton = (
    <Button tone="primary" icon={<Plus aria-hidden />} onClick={() => setCreate(true)}>
      {t('keys.create')}
    </Button>
  )

  return (
    <Page
      title={t('pages.keys')}
      description={t('keys.description')}
      actions={rows && rows.length > 0 ? createButton : null}
    >
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
