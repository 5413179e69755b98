import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Tagged } from '@/api/tagged'
import type { Model } from '@/api/types'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { LimitsFields } from '@/ui/limits'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { changeOf, formOf, type ModelForm, STRATEGIES } from './model-form'

const EXAMPLE_NAMES = 'writer, writer-large'

interface ModelDialogProps {
  model: Tagged<Model>
  onClose: () => void
}

/** What a model is also called, what it costs, and how its calls are led to its targets. */
export function ModelDialog({ model, onClose }: ModelDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => formOf(model))
  const set = (next: Partial<ModelForm>) => setForm((before) => ({ ...before, ...next }))
  const save = useMutation({
    mutationFn: () =>
      call<Model>('PATCH', `/models/${model.id}`, {
        body: changeOf(form, model),
        ifMatch: model.revision,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      toast.done(t('models.saved'))
      onClose()
    },
  })
  type Text =
    | 'aliases'
    | 'fallbacks'
    | 'contextLength'
    | 'hedgeAfterMs'
    | 'input'
    | 'output'
    | 'cachedInput'
    | 'currency'
  const text = (name: Text) => ({
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value }),
  })
  return (
    <FormDialog
      title={model.name}
      description={t('models.editText')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('models.aliases')} hint={t('models.aliasesHint')}>
          {(control) => <Input {...control} placeholder={EXAMPLE_NAMES} {...text('aliases')} />}
        </Field>
        <Field label={t('models.fallbacks')} hint={t('models.fallbacksHint')}>
          {(control) => <Input {...control} {...text('fallbacks')} />}
        </Field>
        <Field label={t('decision.strategy')} hint={t(`models.strategyHints.${form.strategy}`)}>
          {(control) => (
            <Select
              {...control}
              value={form.strategy}
              onChange={(event) =>
                set({
                  strategy: STRATEGIES.find((one) => one === event.target.value) ?? form.strategy,
                })
              }
            >
              {STRATEGIES.map((one) => (
                <option key={one} value={one}>
                  {t(`decision.strategies.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('models.hedge')} hint={t('models.hedgeHint')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              step={1}
              className="tabular"
              {...text('hedgeAfterMs')}
            />
          )}
        </Field>
        <Field label={t('models.contextLength')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              step={1}
              className="tabular"
              {...text('contextLength')}
            />
          )}
        </Field>
      </div>
      <label className="flex items-center gap-2.5 text-ink text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={form.clientHints}
          onChange={(event) => set({ clientHints: event.target.checked })}
        />
        {t('models.clientHints')}
      </label>
      <fieldset className="space-y-3">
        <legend className="mb-1.5 font-medium text-ink text-sm">{t('models.price')}</legend>
        <label className="flex items-center gap-2.5 text-ink text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={form.priced}
            onChange={(event) => set({ priced: event.target.checked })}
          />
          {t('models.priced')}
        </label>
        {form.priced ? (
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
            {(['input', 'output', 'cachedInput'] as const).map((name) => (
              <Field key={name} label={t(`models.priceOf.${name}`)}>
                {(control) => (
                  <Input
                    {...control}
                    type="number"
                    required={name !== 'cachedInput'}
                    min={0}
                    step="any"
                    className="tabular"
                    {...text(name)}
                  />
                )}
              </Field>
            ))}
            <Field label={t('limits.currency')}>
              {(control) => (
                <Input
                  {...control}
                  required
                  pattern="[A-Za-z]{3}"
                  maxLength={3}
                  {...text('currency')}
                />
              )}
            </Field>
          </div>
        ) : null}
      </fieldset>
      <details className="rounded-lg border border-line px-3.5 py-2.5">
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
