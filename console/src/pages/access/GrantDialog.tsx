import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { modelsQuery } from '@/api/queries'
import type { ModelGrant } from '@/api/types'
import type { Place } from '@/app/session'
import { Field, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { GRANT_DAYS, type GrantForm, grantOf } from './grant-form'

interface GrantDialogProps {
  place: Place
  /** Chosen already, where one begins at a model. */
  modelId?: string | undefined
  onClose: () => void
}

/** Opens a restricted model to a project, or to a whole organisation. */
export function GrantDialog({ place, modelId, onClose }: GrantDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const models = useQuery(modelsQuery(place.organization.id))
  const restricted = (models.data?.items ?? []).filter(({ access }) => access === 'restricted')
  const [form, setForm] = useState<GrantForm>({
    modelId: modelId ?? '',
    projectId: place.project.id,
    days: 90,
    reason: '',
  })
  const set = (next: Partial<GrantForm>) => setForm((before) => ({ ...before, ...next }))
  const chosen = form.modelId || restricted[0]?.id || ''
  const save = useMutation({
    mutationFn: () =>
      call<ModelGrant>('POST', '/model-grants', {
        body: grantOf({ ...form, modelId: chosen }, place.organization.id, Date.now()),
      }),
    onSuccess: async (grant) => {
      await queries.invalidateQueries({ queryKey: ['model-grants'] })
      toast.done(t('grants.granted', { model: grant.model }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('grants.create')}
      description={t('grants.text')}
      action={t('grants.create')}
      busy={save.isPending}
      error={save.error}
      disabled={!chosen}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field
        label={t('requests.model')}
        hint={models.data && restricted.length === 0 ? t('grants.noneRestricted') : undefined}
      >
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={chosen}
            onChange={(event) => set({ modelId: event.target.value })}
          >
            {restricted.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('grants.whom')}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={form.projectId}
              onChange={(event) => set({ projectId: event.target.value })}
            >
              {place.organization.projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
              <option value="">
                {t('grants.allProjects', { organization: place.organization.name })}
              </option>
            </Select>
          )}
        </Field>
        <Field label={t('accessRequests.time')}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={form.days}
              onChange={(event) => set({ days: Number(event.target.value) })}
            >
              {GRANT_DAYS.map((days) => (
                <option key={days} value={days}>
                  {days === 0
                    ? t('accessRequests.withoutEnd')
                    : t('accessRequests.days', { count: days })}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <Field label={t('accessRequests.reason')} hint={t('grants.reasonHint')}>
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            maxLength={500}
            value={form.reason}
            onChange={(event) => set({ reason: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  )
}
