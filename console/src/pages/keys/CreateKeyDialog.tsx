import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldAlert } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { asApiError } from '@/api/problem'
import { keysQuery, modelsQuery, systemInfoQuery } from '@/api/queries'
import type { CreatedKey, CreateKeyBody } from '@/api/types'
import { chatSnippet, exportKey } from '@/format/snippets'
import { Button } from '@/ui/button'
import { CodeBlock } from '@/ui/code'
import { CopyButton } from '@/ui/copy'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'

const LIFETIMES_DAYS = [30, 90, 365] as const
const DAY_MS = 86_400_000

interface CreateKeyDialogProps {
  organizationId: string
  projectId: string
  onClose: () => void
}

/** Creates a key, then shows its secret: here and never again. */
export function CreateKeyDialog({ organizationId, projectId, onClose }: CreateKeyDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: (body: CreateKeyBody) =>
      call<CreatedKey>('POST', `/projects/${projectId}/keys`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery(projectId).queryKey }),
    // The secret must not outlive this dialog in any cache.
    gcTime: 0,
  })
  const created = create.data
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      dismissible={!created}
      title={created ? t('keys.createdTitle') : t('keys.create')}
      description={created ? t('keys.createdText') : t('keys.createText')}
      className="sm:max-w-xl"
    >
      {created ? (
        <Secret created={created} organizationId={organizationId} onClose={onClose} />
      ) : (
        <KeyForm
          organizationId={organizationId}
          busy={create.isPending}
          error={create.error}
          onSubmit={create.mutate}
          onCancel={onClose}
        />
      )}
    </Dialog>
  )
}

interface KeyFormProps {
  organizationId: string
  busy: boolean
  error: unknown
  onSubmit: (body: CreateKeyBody) => void
  onCancel: () => void
}

function KeyForm({ organizationId, busy, error, onSubmit, onCancel }: KeyFormProps) {
  const { t } = useTranslation()
  const { data: models } = useQuery(modelsQuery(organizationId))
  const [name, setName] = useState('')
  const [days, setDays] = useState('')
  const [limited, setLimited] = useState(false)
  const [allowed, setAllowed] = useState<string[]>([])
  const fieldErrors = error ? asApiError(error).fields : []
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit({
      name: name.trim(),
      ...(days ? { expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString() } : {}),
      ...(limited ? { models: allowed } : {}),
    })
  }
  return (
    <form className="space-y-4" onSubmit={submit}>
      <Field
        label={t('keys.name')}
        hint={t('keys.nameHint')}
        error={fieldErrors.find(({ field }) => field === 'name')?.message}
      >
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
      <Field label={t('keys.expires')}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={days}
            onChange={(event) => setDays(event.target.value)}
          >
            <option value="">{t('keys.neverExpires')}</option>
            {LIFETIMES_DAYS.map((lifetime) => (
              <option key={lifetime} value={lifetime}>
                {t('keys.inDays', { count: lifetime })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <fieldset className="space-y-2">
        <legend className="mb-1.5 font-medium text-ink text-sm">{t('keys.models')}</legend>
        <label className="flex items-center gap-2.5 text-ink text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={!limited}
            onChange={(event) => setLimited(!event.target.checked)}
          />
          {t('keys.allModels')}
        </label>
        {limited
          ? models?.items.map((model) => (
              <label key={model.id} className="flex items-center gap-2.5 ps-6 text-ink text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-(--accent)"
                  checked={allowed.includes(model.name)}
                  onChange={(event) =>
                    setAllowed(
                      event.target.checked
                        ? [...allowed, model.name]
                        : allowed.filter((one) => one !== model.name),
                    )
                  }
                />
                {model.name}
              </label>
            ))
          : null}
      </fieldset>
      {error ? <Problem error={error} /> : null}
      <DialogActions>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="submit" tone="primary" busy={busy} disabled={limited && allowed.length === 0}>
          {t('keys.createAction')}
        </Button>
      </DialogActions>
    </form>
  )
}

interface SecretProps {
  created: CreatedKey
  organizationId: string
  onClose: () => void
}

function Secret({ created, organizationId, onClose }: SecretProps) {
  const { t } = useTranslation()
  const { data: info } = useQuery(systemInfoQuery)
  const { data: models } = useQuery(modelsQuery(organizationId))
  const model = models?.items.find(
    ({ name, tasks }) => tasks.includes('chat') && (created.models?.includes(name) ?? true),
  )?.name
  const example =
    info && model
      ? [
          exportKey({ secret: created.secret }),
          chatSnippet('curl', {
            gatewayUrl: info.gateway_url,
            model,
            messages: [{ role: 'user', content: t('home.sampleQuestion') }],
            stream: true,
          }),
        ].join('\n')
      : null
  return (
    <div className="space-y-4">
      <div className="flex items-start gap-3 rounded-lg bg-warn-soft px-3.5 py-3 text-sm text-warn-ink">
        <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <p>{t('keys.secretOnce')}</p>
      </div>
      <div className="flex items-center gap-2 rounded-lg border border-line-strong bg-surface py-1.5 ps-3 pe-1.5">
        <code data-secret className="wrap-anywhere min-w-0 flex-1 font-mono text-ink text-sm">
          {created.secret}
        </code>
        <CopyButton text={created.secret} label={t('keys.secret')} withText autoFocus />
      </div>
      {example ? (
        <div>
          <p className="mb-1.5 font-medium text-ink text-sm">{t('keys.tryIt')}</p>
          <CodeBlock code={example} label={t('keys.tryIt')} />
        </div>
      ) : null}
      <DialogActions>
        <Button tone="primary" onClick={onClose}>
          {t('keys.savedIt')}
        </Button>
      </DialogActions>
    </div>
  )
}
