import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { asApiError } from '@/api/problem'
import { keysQuery } from '@/api/queries'
import type { CreatedKey, CreateKeyBody } from '@/api/types'
import { limitsOf, NO_LIMITS } from '@/format/limits'
import { localMoment, momentOf } from '@/format/range'
import type { Scope } from '@/format/scopes'
import { Button } from '@/ui/button'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Field, Input } from '@/ui/field'
import { LimitsFields } from '@/ui/limits'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { KeyModels, KeyScopes } from './KeyFields'
import { Secret } from './Secret'

const LIFETIMES_DAYS = [30, 90, 365] as const
const DAY_MS = 86_400_000
/** Stands for a moment that is entered by hand. */
const OWN = 'own'

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
  const [name, setName] = useState('')
  const [days, setDays] = useState('')
  const [moment, setMoment] = useState(() =>
    localMoment(new Date(Date.now() + 7 * DAY_MS).toISOString()),
  )
  const [limits, setLimits] = useState(NO_LIMITS)
  const [allowed, setAllowed] = useState<string[] | null>(null)
  const [scopes, setScopes] = useState<Scope[]>(['model:call'])
  const fieldErrors = error ? asApiError(error).fields : []
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const bounds = limitsOf(limits)
    const expires =
      days === OWN
        ? momentOf(moment)
        : days && new Date(Date.now() + Number(days) * DAY_MS).toISOString()
    onSubmit({
      name: name.trim(),
      ...(expires ? { expires_at: expires } : {}),
      ...(bounds ? { limits: bounds } : {}),
      ...(allowed ? { models: allowed } : {}),
      ...(scopes.join() === 'model:call' ? {} : { scopes }),
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
            <option value={OWN}>{t('keys.ownMoment')}</option>
          </Select>
        )}
      </Field>
      {days === OWN ? (
        <Field label={t('keys.moment')}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              required
              value={moment}
              onChange={(event) => setMoment(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <KeyModels organizationId={organizationId} allowed={allowed} onChange={setAllowed} />
      <KeyScopes scopes={scopes} onChange={setScopes} />
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('limits.title')}
        </summary>
        <div className="pt-3">
          <LimitsFields value={limits} onChange={setLimits} />
        </div>
      </details>
      {error ? <Problem error={error} /> : null}
      <DialogActions>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          tone="primary"
          busy={busy}
          disabled={allowed?.length === 0 || scopes.length === 0}
        >
          {t('keys.createAction')}
        </Button>
      </DialogActions>
    </form>
  )
}
