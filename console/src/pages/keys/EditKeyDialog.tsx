import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Tagged } from '@/api/tagged'
import type { ApiKey } from '@/api/types'
import { zoneName } from '@/format/time'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { LimitsFields } from '@/ui/limits'
import { useToast } from '@/ui/toast'
import { KeyModels, KeyScopes } from './KeyFields'
import { changeOf, formOf, type KeyForm } from './key-form'

interface EditKeyDialogProps {
  apiKey: Tagged<ApiKey>
  onClose: () => void
}

/** What a key may do from now on: programs that hold it need not be told. */
export function EditKeyDialog({ apiKey: key, onClose }: EditKeyDialogProps) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => formOf(key))
  const set = (next: Partial<KeyForm>) => setForm((before) => ({ ...before, ...next }))
  const save = useMutation({
    mutationFn: () =>
      call<ApiKey>('PATCH', `/keys/${key.id}`, {
        body: changeOf(form, key),
        ifMatch: key.revision,
      }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['keys'] })
      toast.done(t('keys.saved', { name: saved.name }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={key.name}
      description={t('keys.editText')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      disabled={form.allowed?.length === 0 || form.scopes.length === 0}
      className="sm:max-w-xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t('keys.name')} hint={t('keys.nameHint')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label={`${t('keys.expires')} (${zoneName(i18n.language)})`}
        hint={t('keys.expiresHint')}
      >
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={form.expires}
            onChange={(event) => set({ expires: event.target.value })}
          />
        )}
      </Field>
      <KeyModels
        organizationId={key.org_id}
        allowed={form.allowed}
        onChange={(allowed) => set({ allowed })}
      />
      <KeyScopes scopes={form.scopes} onChange={(scopes) => set({ scopes })} />
      <details className="rounded-lg border border-line px-3.5 py-2.5" open={key.limits !== null}>
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('limits.title')}
        </summary>
        <div className="pt-3">
          <LimitsFields value={form.limits} onChange={(limits) => set({ limits })} />
        </div>
      </details>
    </FormDialog>
  )
}
