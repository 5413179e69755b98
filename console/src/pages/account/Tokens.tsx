import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ban, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { CreatedToken, Token } from '@/api/types'
import { useKnownPermissions } from '@/app/permission'
import { dateOf } from '@/format/time'
import { KEY_TONES, keyState } from '@/pages/keys/key-state'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { CodeBlock } from '@/ui/code'
import { Confirm } from '@/ui/confirm'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Problem } from '@/ui/problem'
import { SecretOnce } from '@/ui/secret'
import { Select } from '@/ui/select'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'

const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => call<{ items: Token[] }>('GET', '/tokens', { signal }),
})

/** Tokens by which programs act as this person at the control plane. */
export function Tokens() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const tokens = useQuery(tokensQuery)
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<Token | null>(null)
  const revoke = useMutation({
    mutationFn: (token: Token) => call('DELETE', `/tokens/${token.id}`),
    onSuccess: (_, token) => toast.done(t('keys.revoked', { name: token.name })),
    onError: toast.failed,
    onSettled: () => {
      setRevoking(null)
      void queries.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
  })
  return (
    <Card aria-labelledby="tokens">
      <CardHeader id="tokens" title={t('tokens.title')}>
        <Button icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
          {t('tokens.create')}
        </Button>
      </CardHeader>
      <p className="px-4 pb-2 text-ink-soft text-sm sm:px-5">{t('tokens.text')}</p>
      {tokens.isError ? (
        <Problem error={tokens.error} onRetry={() => tokens.refetch()} className="m-4" />
      ) : tokens.isPending ? (
        <SkeletonRows rows={2} />
      ) : tokens.data.items.length === 0 ? (
        <p className="px-4 pb-4 text-ink-faint text-sm sm:px-5">{t('tokens.none')}</p>
      ) : (
        <ul className="pb-2">
          {tokens.data.items.map((token) => {
            const state = keyState(token, Date.now())
            return (
              <li key={token.id} className="flex items-center gap-3 px-4 py-2 sm:px-5">
                <span className="min-w-0 flex-1">
                  <span className="flex items-center gap-2">
                    <span className="truncate font-medium text-ink text-sm">{token.name}</span>
                    <Badge tone={KEY_TONES[state]} dot>
                      {t(`keys.states.${state}`)}
                    </Badge>
                  </span>
                  <span className="block truncate text-ink-faint text-xs">
                    <code className="font-mono">{token.hint}</code>
                    {' · '}
                    {token.last_used_at ? (
                      <RelativeTime at={token.last_used_at} />
                    ) : (
                      t('keys.never')
                    )}
                    {token.expires_at ? ` · ${dateOf(token.expires_at, i18n.language)}` : null}
                    {token.scopes ? ` · ${token.scopes.join(', ')}` : null}
                  </span>
                </span>
                {token.revoked_at ? null : (
                  <Button
                    size="sm"
                    tone="ghost"
                    icon={<Ban aria-hidden />}
                    aria-label={t('keys.revokeNamed', { name: token.name })}
                    onClick={() => setRevoking(token)}
                  >
                    <span className="max-sm:sr-only">{t('keys.revoke')}</span>
                  </Button>
                )}
              </li>
            )
          })}
        </ul>
      )}
      {creating ? <CreateToken onClose={() => setCreating(false)} /> : null}
      <Confirm
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t('keys.revokeTitle', { name: revoking?.name ?? '' })}
        action={t('tokens.revoke')}
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      >
        <p>{t('tokens.revokeText')}</p>
      </Confirm>
    </Card>
  )
}

const LIFETIMES_DAYS = [7, 30, 90, 365] as const
const DAY_MS = 86_400_000

function CreateToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const known = useKnownPermissions()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const [limited, setLimited] = useState(false)
  const [scopes, setScopes] = useState<string[]>([])
  const create = useMutation({
    mutationFn: () =>
      call<CreatedToken>('POST', '/tokens', {
        body: {
          name: name.trim(),
          ...(days
            ? { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }
            : {}),
          ...(limited ? { scopes } : {}),
        },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    gcTime: 0,
  })
  if (create.data) {
    return (
      <Dialog
        open
        dismissible={false}
        onOpenChange={(open) => !open && onClose()}
        title={t('tokens.createdTitle')}
        description={t('keys.createdText')}
        className="sm:max-w-xl"
      >
        <div className="space-y-4">
          <SecretOnce
            secret={create.data.secret}
            label={t('tokens.secret')}
            warning={t('keys.secretOnce')}
          />
          <CodeBlock
            code={`export MAINSPRING_URL='${location.origin}'\nexport MAINSPRING_TOKEN='${create.data.secret}'\nmainspring keys list`}
            label={t('tokens.use')}
          />
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
      title={t('tokens.create')}
      description={t('tokens.text')}
      action={t('tokens.create')}
      busy={create.isPending}
      error={create.error}
      disabled={limited && scopes.length === 0}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <Field label={t('keys.name')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('keys.expires')}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={days}
            onChange={(event) => setDays(event.target.value)}
          >
            {LIFETIMES_DAYS.map((lifetime) => (
              <option key={lifetime} value={lifetime}>
                {t('keys.inDays', { count: lifetime })}
              </option>
            ))}
            <option value="">{t('keys.neverExpires')}</option>
          </Select>
        )}
      </Field>
      <fieldset>
        <legend className="mb-1.5 font-medium text-ink text-sm">{t('tokens.scopes')}</legend>
        <label className="flex items-center gap-2.5 text-ink text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={!limited}
            onChange={(event) => setLimited(!event.target.checked)}
          />
          {t('tokens.allMine')}
        </label>
        {limited ? (
          <div className="mt-1 grid max-h-56 gap-x-4 overflow-y-auto ps-6 sm:grid-cols-2">
            {known.map(({ name: permission }) => (
              <label key={permission} className="flex items-center gap-2 py-0.5 text-ink text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-(--accent)"
                  checked={scopes.includes(permission)}
                  onChange={(event) =>
                    setScopes(
                      event.target.checked
                        ? [...scopes, permission]
                        : scopes.filter((one) => one !== permission),
                    )
                  }
                />
                <code className="font-mono text-xs">{permission}</code>
              </label>
            ))}
          </div>
        ) : null}
      </fieldset>
    </FormDialog>
  )
}
