import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { upstreamsQuery } from '@/api/queries'
import type { Model } from '@/api/types'
import { optionalText } from '@/i18n'
import { Choices } from '@/ui/choices'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { creationOf, type NewModelForm, TASKS } from './model-form'

interface NewModelDialogProps {
  onClose: () => void
  onCreated: (id: string) => void
}

/** A name that callers may use, and the server that answers for it. */
export function NewModelDialog({ onClose, onCreated }: NewModelDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const upstreams = useQuery(upstreamsQuery)
  const [form, setForm] = useState<NewModelForm>({
    name: '',
    tasks: ['chat'],
    upstreamId: '',
    upstreamModel: '',
  })
  const set = (next: Partial<NewModelForm>) => setForm((before) => ({ ...before, ...next }))
  const servers = upstreams.data?.items ?? []
  const upstreamId = form.upstreamId || (servers[0]?.id ?? '')
  const create = useMutation({
    mutationFn: () => call<Model>('POST', '/models', { body: creationOf({ ...form, upstreamId }) }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      toast.done(t('models.saved'))
      onClose()
      onCreated(made.id)
    },
  })
  return (
    <FormDialog
      title={t('models.add')}
      description={t('models.addText')}
      action={t('models.add')}
      busy={create.isPending}
      error={create.error ?? upstreams.error}
      disabled={upstreamId === '' || form.tasks.length === 0}
      className="sm:max-w-xl"
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <Field label={t('models.name')} hint={t('models.nameHint')}>
        {(control) => (
          <Input
            {...control}
            required
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      <Choices
        legend={t('models.tasks')}
        options={TASKS.map((task) => ({
          value: task,
          label: optionalText(t, `tasks.${task}`) ?? task,
        }))}
        chosen={form.tasks}
        onChange={(task, on) =>
          set({ tasks: TASKS.filter((one) => (one === task ? on : form.tasks.includes(one))) })
        }
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('gpuPrices.upstream')}>
          {(control) => (
            <Select
              {...control}
              value={upstreamId}
              onChange={(event) => set({ upstreamId: event.target.value })}
            >
              {servers.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('models.upstreamModel')} hint={t('models.upstreamModelHint')}>
          {(control) => (
            <Input
              {...control}
              placeholder={form.name}
              value={form.upstreamModel}
              onChange={(event) => set({ upstreamModel: event.target.value })}
            />
          )}
        </Field>
      </div>
    </FormDialog>
  )
}
