import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Dataset } from '@/api/types'
import { Field, Input, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { useToast } from '@/ui/toast'
import { datasetsQuery } from './queries'

interface DatasetDialogProps {
  projectId: string
  onMade: (dataset: Dataset) => void
  onClose: () => void
}

/** Makes an empty data set. */
export function DatasetDialog({ projectId, onMade, onClose }: DatasetDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const create = useMutation({
    mutationFn: () =>
      call<Dataset>('POST', `/projects/${projectId}/datasets`, {
        body: { name: name.trim(), description: description.trim() },
      }),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: datasetsQuery(projectId).queryKey })
      toast.done(t('datasets.created', { name: made.name }))
      onClose()
      onMade(made)
    },
  })
  return (
    <FormDialog
      title={t('datasets.create')}
      action={t('datasets.create')}
      busy={create.isPending}
      error={create.error}
      disabled={name.trim() === ''}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
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
      <Field label={t('datasets.purpose')}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={description}
            maxLength={2000}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
