import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HeldChange } from '@/api/client'
import { Field, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { useToast } from '@/ui/toast'

/** Asks why, once a change was kept until a second person agrees: they read it before they do. */
export default function HeldDialog({
  change,
  onClose,
}: {
  change: HeldChange
  onClose: () => void
}) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [reason, setReason] = useState('')
  const explain = useMutation({
    mutationFn: () => change.explain(reason),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['changes'] })
      toast.done(t('changes.explained'))
      onClose()
    },
    gcTime: 0,
  })
  return (
    <FormDialog
      title={t('errors.change_pending.title')}
      description={t('changes.explainText')}
      action={t('changes.explain')}
      busy={explain.isPending}
      error={explain.error}
      disabled={reason.trim() === ''}
      onSubmit={() => explain.mutate()}
      onClose={onClose}
    >
      <Field label={t('changes.reason')}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            maxLength={600}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <a
        href={`/changes?open=${encodeURIComponent(change.id)}`}
        className="inline-block font-medium text-accent-ink text-sm underline underline-offset-2"
      >
        {t('changes.see')}
      </a>
    </FormDialog>
  )
}
