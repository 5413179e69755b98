import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ban, FolderTree, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { CreatedDirectoryToken, DirectoryToken } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { dateOf } from '@/format/time'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { CodeBlock } from '@/ui/code'
import { Confirm } from '@/ui/confirm'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Empty } from '@/ui/empty'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Problem } from '@/ui/problem'
import { SecretOnce } from '@/ui/secret'
import { SkeletonRows } from '@/ui/skeleton'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { directoryTokensQuery } from './queries'

/** Tokens by which a directory (SCIM) creates, changes and closes people here. */
export function DirectoryTab({ orgId }: { orgId: string }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const query = directoryTokensQuery(orgId)
  const tokens = useQuery(query)
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<DirectoryToken | null>(null)
  const revoke = useMutation({
    mutationFn: (token: DirectoryToken) =>
      call('DELETE', `/organizations/${orgId}/directory-tokens/${token.id}`),
    onSuccess: (_, token) => toast.done(t('directory.revoked', { name: token.name })),
    onError: toast.failed,
    onSettled: () => {
      setRevoking(null)
      void queries.invalidateQueries({ queryKey: query.queryKey })
    },
  })
  const create = (
    <ActionButton
      permission="identity_provider:write"
      place={{ orgId }}
      tone="primary"
      icon={<Plus aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t('directory.create')}
    </ActionButton>
  )
  const items = tokens.data?.items
  return (
    <Card aria-labelledby="directory">
      <CardHeader id="directory" title={t('identity.tabs.directory')} hint={t('directory.hint')}>
        {items && items.length > 0 ? create : null}
      </CardHeader>
      {tokens.isError ? (
        <Problem error={tokens.error} onRetry={() => tokens.refetch()} className="m-4" />
      ) : items === undefined ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <Empty icon={FolderTree} title={t('directory.emptyTitle')} action={create}>
          {t('directory.emptyText')}
        </Empty>
      ) : (
        <ul className="divide-y divide-line/70">
          {items.map((token) => (
            <li
              key={token.id}
              data-token={token.name}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:px-5"
            >
              <span className="min-w-0 flex-1 basis-48">
                <span className="block truncate font-medium text-ink">{token.name}</span>
                <code className="font-mono text-ink-faint text-xs">{token.hint}</code>
              </span>
              <span className="text-ink-soft text-xs">
                {token.last_used_at ? (
                  <>
                    {t('keys.lastUsed')} <RelativeTime at={token.last_used_at} />
                  </>
                ) : (
                  t('directory.unused')
                )}
              </span>
              <span className="text-ink-soft text-xs">
                {token.expires_at
                  ? t('directory.until', { date: dateOf(token.expires_at, i18n.language) })
                  : t('directory.withoutEnd')}
              </span>
              <ActionButton
                permission="identity_provider:write"
                place={{ orgId }}
                size="sm"
                tone="ghost"
                icon={<Ban aria-hidden />}
                aria-label={t('keys.revokeNamed', { name: token.name })}
                onClick={() => setRevoking(token)}
              >
                {t('keys.revoke')}
              </ActionButton>
            </li>
          ))}
        </ul>
      )}
      {creating ? <NewToken orgId={orgId} onClose={() => setCreating(false)} /> : null}
      <Confirm
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t('keys.revokeTitle', { name: revoking?.name ?? '' })}
        action={t('keys.revoke')}
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      >
        <p>{t('directory.revokeText')}</p>
      </Confirm>
    </Card>
  )
}

const DAY_MS = 86_400_000

function NewToken({ orgId, onClose }: { orgId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState('')
  const create = useMutation({
    mutationFn: () =>
      call<CreatedDirectoryToken>('POST', `/organizations/${orgId}/directory-tokens`, {
        body: {
          name: name.trim(),
          ...(days
            ? { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }
            : {}),
        },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: directoryTokensQuery(orgId).queryKey }),
    // The secret must not outlive this dialog in any cache.
    gcTime: 0,
  })
  if (create.data) {
    return (
      <Dialog
        open
        dismissible={false}
        onOpenChange={(open) => !open && onClose()}
        title={t('directory.createdTitle')}
        description={t('directory.createdText')}
        className="sm:max-w-xl"
      >
        <div className="space-y-4">
          <SecretOnce
            secret={create.data.secret}
            label={t('directory.token')}
            warning={t('keys.secretOnce')}
          />
          <CodeBlock code={`${location.origin}/scim/v2`} label={t('directory.address')} />
          <DialogActions>
            <Button tone="primary" onClick={onClose}>
              {t('keys.savedIt')}
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title={t('directory.create')}
      description={t('directory.text')}
      action={t('directory.create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <Field label={t('identity.name')} hint={t('directory.nameHint')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('directory.days')} hint={t('directory.daysHint')}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={1}
            max={3650}
            className="tabular"
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
