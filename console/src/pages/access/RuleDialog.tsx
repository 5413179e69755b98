import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccessRule } from '@/api/types'
import { DATA_CLASSES } from '@/pages/catalog/data-classes'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { bodyOf, formOf, type RuleForm, type StepForm } from './rule-form'

const EXAMPLE_MODELS = 'large-*'
const EXAMPLE_APPROVERS = 'role:security, role:org_admin'

interface RuleDialogProps {
  orgId: string
  /** The rule to change; `null` makes one of the organisation's. */
  rule: AccessRule | null
  onClose: () => void
}

/** Which requests a rule concerns, and who has to agree to them. */
export function RuleDialog({ orgId, rule, onClose }: RuleDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => formOf(rule))
  const set = (changed: Partial<RuleForm>) => setForm({ ...form, ...changed })
  const save = useMutation({
    mutationFn: () =>
      rule
        ? call<AccessRule>('PATCH', `/access-rules/${rule.id}`, {
            body: bodyOf(form),
            ifMatch: rule.revision,
          })
        : call<AccessRule>('POST', '/access-rules', { body: { ...bodyOf(form), org_id: orgId } }),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ['access-rules'] })
      toast.done(t('accessRules.saved', { name: saved.name }))
      onClose()
    },
  })
  const text = (name: 'name' | 'models' | 'tags' | 'denies') => ({
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value }),
  })
  return (
    <FormDialog
      title={rule ? rule.name : t('accessRules.create')}
      description={t('accessRules.text')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-[1fr_8rem]">
        <Field label={t('accessRules.name')}>
          {(control) => <Input {...control} required maxLength={120} {...text('name')} />}
        </Field>
        <Field label={t('accessRules.position')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              required
              className="tabular"
              value={form.position}
              onChange={(event) => set({ position: event.target.value })}
            />
          )}
        </Field>
      </div>
      <fieldset className="space-y-4 rounded-lg border border-line p-3.5">
        <legend className="px-1 font-medium text-ink text-sm">{t('accessRules.conditions')}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('accessRules.models')} hint={t('accessRules.modelsHint')}>
            {(control) => <Input {...control} placeholder={EXAMPLE_MODELS} {...text('models')} />}
          </Field>
          <Field label={t('accessRules.tags')} hint={t('accessRules.tagsHint')}>
            {(control) => <Input {...control} {...text('tags')} />}
          </Field>
          <Field label={t('accessRules.minCost')}>
            {(control) => (
              <Input
                {...control}
                type="number"
                inputMode="decimal"
                min={0}
                step="any"
                className="tabular"
                value={form.minCost}
                onChange={(event) => set({ minCost: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('accessRules.moreThanDays')}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={0}
                max={3650}
                className="tabular"
                value={form.moreThanDays}
                onChange={(event) => set({ moreThanDays: event.target.value })}
              />
            )}
          </Field>
        </div>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
          <legend className="mb-1.5 font-medium text-ink text-sm">
            {t('accessRequests.dataClass')}
          </legend>
          {DATA_CLASSES.map((one) => (
            <label key={one} className="flex items-center gap-2 text-ink text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={form.dataClasses.includes(one)}
                onChange={(event) =>
                  set({
                    dataClasses: event.target.checked
                      ? [...form.dataClasses, one]
                      : form.dataClasses.filter((each) => each !== one),
                  })
                }
              />
              {t(`dataClasses.${one}`)}
            </label>
          ))}
        </fieldset>
      </fieldset>
      <Field label={t('accessRules.deniesField')} hint={t('accessRules.deniesHint')}>
        {(control) => <Input {...control} maxLength={500} {...text('denies')} />}
      </Field>
      {form.denies.trim() ? null : (
        <RuleSteps steps={form.steps} onChange={(steps) => set({ steps })} />
      )}
      <label className="flex items-center gap-2.5 text-ink text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={form.enabled}
          onChange={(event) => set({ enabled: event.target.checked })}
        />
        {t('accessRules.enabled')}
      </label>
    </FormDialog>
  )
}

interface RuleStepsProps {
  steps: StepForm[]
  onChange: (steps: StepForm[]) => void
}

function RuleSteps({ steps, onChange }: RuleStepsProps) {
  const { t } = useTranslation()
  const change = (row: number, changed: Partial<StepForm>) =>
    onChange(steps.map((step) => (step.row === row ? { ...step, ...changed } : step)))
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1.5 font-medium text-ink text-sm">{t('accessRequests.steps')}</legend>
      {steps.length === 0 ? (
        <p className="text-ink-soft text-sm">{t('accessRules.agreesHint')}</p>
      ) : null}
      {steps.map((step, place) => (
        <div
          key={step.row}
          className="grid gap-3 rounded-lg border border-line p-3.5 sm:grid-cols-[8rem_1fr_8rem_auto]"
        >
          <Field label={t('accessRules.stepName')}>
            {(control) => (
              <Input
                {...control}
                required
                value={step.name}
                onChange={(event) => change(step.row, { name: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('accessRules.approvers')} hint={t('accessRules.approversHint')}>
            {(control) => (
              <Input
                {...control}
                required
                placeholder={EXAMPLE_APPROVERS}
                value={step.approvers}
                onChange={(event) => change(step.row, { approvers: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('accessRules.need')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={step.need}
                onChange={(event) =>
                  change(step.row, { need: event.target.value === 'all' ? 'all' : 'any' })
                }
              >
                <option value="any">{t('accessRules.needs.any')}</option>
                <option value="all">{t('accessRules.needs.all')}</option>
              </Select>
            )}
          </Field>
          <Button
            tone="ghost"
            size="icon"
            className="self-start sm:mt-6"
            aria-label={t('accessRules.dropStep', { place: place + 1 })}
            onClick={() => onChange(steps.filter(({ row }) => row !== step.row))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <Button
        size="sm"
        icon={<Plus aria-hidden />}
        onClick={() =>
          onChange([
            ...steps,
            {
              row: Math.max(-1, ...steps.map(({ row }) => row)) + 1,
              name: '',
              approvers: '',
              need: 'any',
            },
          ])
        }
      >
        {t('accessRules.addStep')}
      </Button>
    </fieldset>
  )
}
