import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { modelsQuery } from '@/api/queries'
import type { Slo } from '@/api/types'
import { usePlace } from '@/app/session'
import { duration } from '@/format/number'
import { optionalText } from '@/i18n'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import {
  bodyOf,
  formOf,
  INDICATORS,
  isTimed,
  type ObjectiveForm,
  THRESHOLDS_MS,
} from './objective-form'

const OPERATIONS = ['chat', 'responses', 'messages', 'text_completion', 'embeddings', 'rerank']

interface ObjectiveDialogProps {
  /** `null` to make a new one. */
  slo: Slo | null
  onClose: () => void
  onSaved?: (id: string) => void
}

/** Asks what is promised of which calls. */
export function ObjectiveDialog({ slo, onClose, onSaved }: ObjectiveDialogProps) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const place = usePlace()
  const models = useQuery(modelsQuery(place?.organization.id))
  const [form, setForm] = useState(() => formOf(slo))
  const set = (next: Partial<ObjectiveForm>) => setForm((before) => ({ ...before, ...next }))
  const save = useMutation({
    mutationFn: () =>
      slo
        ? call<Slo>('PATCH', `/slos/${slo.id}`, { body: bodyOf(form), ifMatch: slo.revision })
        : call<Slo>('POST', '/slos', { body: bodyOf(form) }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['slos'] })
      toast.done(t('objectives.saved', { name: saved.name }))
      onClose()
      onSaved?.(saved.id)
    },
  })
  const names = new Set((models.data?.items ?? []).map(({ name }) => name))
  if (form.model) names.add(form.model)
  const operations = new Set([...OPERATIONS, ...(form.operation ? [form.operation] : [])])
  const thresholds = new Set<number>([...THRESHOLDS_MS, form.thresholdMs])
  return (
    <FormDialog
      title={slo ? t('objectives.editTitle', { name: slo.name }) : t('objectives.add')}
      description={t('objectives.addText')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
      className="sm:max-w-2xl"
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('objectives.name')} hint={t('objectives.nameHint')}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={63}
              pattern="[a-z][a-z0-9\-]*"
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('objectives.descriptionOf')}>
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={form.description}
              onChange={(event) => set({ description: event.target.value })}
            />
          )}
        </Field>
        <Field
          label={t('objectives.indicator')}
          hint={t(`objectives.indicatorHints.${form.indicator}`)}
        >
          {(control) => (
            <Select
              {...control}
              value={form.indicator}
              onChange={(event) =>
                set({
                  indicator: INDICATORS.find((one) => one === event.target.value) ?? form.indicator,
                })
              }
            >
              {INDICATORS.map((one) => (
                <option key={one} value={one}>
                  {t(`objectives.indicators.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {isTimed(form.indicator) ? (
          <Field label={t('objectives.within')}>
            {(control) => (
              <Select
                {...control}
                value={form.thresholdMs}
                onChange={(event) => set({ thresholdMs: Number(event.target.value) })}
              >
                {[...thresholds]
                  .toSorted((a, b) => a - b)
                  .map((ms) => (
                    <option key={ms} value={ms}>
                      {duration(ms, i18n.language)}
                    </option>
                  ))}
              </Select>
            )}
          </Field>
        ) : null}
        <Field label={t('objectives.targetPercent')} hint={t('objectives.targetHint')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              required
              min={50}
              max={99.999}
              step="any"
              className="tabular"
              value={Number.isNaN(form.target) ? '' : form.target}
              onChange={(event) => set({ target: event.target.valueAsNumber })}
            />
          )}
        </Field>
        <Field label={t('objectives.days')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              required
              min={7}
              max={30}
              className="tabular"
              value={Number.isNaN(form.windowDays) ? '' : form.windowDays}
              onChange={(event) => set({ windowDays: event.target.valueAsNumber })}
            />
          )}
        </Field>
        <Field label={t('objectives.model')}>
          {(control) => (
            <Select
              {...control}
              value={form.model}
              onChange={(event) => set({ model: event.target.value })}
            >
              <option value="">{t('common.all')}</option>
              {[...names].map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('objectives.operation')}>
          {(control) => (
            <Select
              {...control}
              value={form.operation}
              onChange={(event) => set({ operation: event.target.value })}
            >
              <option value="">{t('common.all')}</option>
              {[...operations].map((one) => (
                <option key={one} value={one}>
                  {optionalText(t, `operations.${one}`) ?? one}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('objectives.minCalls')} hint={t('objectives.minCallsHint')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              required
              min={1}
              max={1_000_000}
              className="tabular"
              value={Number.isNaN(form.minCalls) ? '' : form.minCalls}
              onChange={(event) => set({ minCalls: event.target.valueAsNumber })}
            />
          )}
        </Field>
      </div>
    </FormDialog>
  )
}
