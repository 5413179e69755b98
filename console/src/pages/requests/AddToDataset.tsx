import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Dataset, DatasetItem, FullCall } from '@/api/types'
import { datasetsQuery } from '@/pages/datasets/queries'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'

const NEW = ''

/** Makes an item of a call, in a data set of its project that is there or is made for it. */
export function AddToDataset({ call: one, onClose }: { call: FullCall; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const list = useInfiniteQuery(datasetsQuery(one.project_id))
  const sets = list.data?.pages.flatMap(({ items }) => items) ?? []
  const [chosen, setChosen] = useState<string>()
  const [name, setName] = useState('')
  const [takesAnswer, setTakesAnswer] = useState(one.outcome === 'ok')
  const target = chosen ?? sets[0]?.id ?? NEW
  const add = useMutation({
    mutationFn: async () => {
      const id =
        target ||
        (
          await call<Dataset>('POST', `/projects/${one.project_id}/datasets`, {
            body: { name: name.trim() },
          })
        ).id
      return call<DatasetItem>('POST', `/datasets/${id}/calls`, {
        body: { request_id: one.request_id, take_answer: takesAnswer },
      })
    },
    onSuccess: () => {
      toast.done(t('datasets.added'))
      onClose()
    },
    // A data set that was made for it is there even if the call could not become its item.
    onSettled: () => queries.invalidateQueries({ queryKey: ['datasets', one.project_id] }),
  })
  return (
    <FormDialog
      title={t('datasets.add')}
      description={t('datasets.addText')}
      action={t('datasets.add')}
      busy={add.isPending}
      error={add.error ?? list.error}
      disabled={list.isPending || (target === NEW && name.trim() === '')}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Field label={t('datasets.one')}>
        {(control) => (
          <Select {...control} value={target} onChange={(event) => setChosen(event.target.value)}>
            {sets.map(({ id, name: its }) => (
              <option key={id} value={id}>
                {its}
              </option>
            ))}
            <option value={NEW}>{t('datasets.newOne')}</option>
          </Select>
        )}
      </Field>
      {target === NEW ? (
        <Field label={t('datasets.name')}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={120}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <label className="flex items-center gap-2 text-ink text-sm">
        <input
          type="checkbox"
          checked={takesAnswer}
          onChange={(event) => setTakesAnswer(event.target.checked)}
        />
        {t('datasets.takeAnswer')}
      </label>
    </FormDialog>
  )
}
