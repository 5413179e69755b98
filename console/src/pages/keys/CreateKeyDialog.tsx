import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { asApiError } from '@/api/problem'
import { keysQuery, modelsQuery } from '@/api/queries'
import type { CreatedKey, CreateKeyBody } from '@/api/types'
import { limitsOf, NO_LIMITS } from '@/format/limits'
import { localMoment, momentOf } from '@/format/range'
import { Button } from '@/ui/button'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Field, Input } from '@/ui/field'
import { LimitsFields } from '@/ui/limits'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
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
  const { data: models } = useQuery(modelsQuery(organizationId))
  const [name, setName] = useState('')
  const [days, setDays] = useState('')
  const [moment, setMoment] = useState(() =>
    localMoment(new Date(Date.now() + 7 * DAY_MS).toISOString()),
  )
  const [limited, setLimited] = useState(false)
  const [limits, setLimits] = useState(NO_LIMITS)
  const [allowed, setAllowed] = useState<string[]>([])
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
        <Button type="submit" tone="primary" busy={busy} disabled={limited && allowed.length === 0}>
          {t('keys.createAction')}
        </Button>
      </DialogActions>
    </form>
  )
}
