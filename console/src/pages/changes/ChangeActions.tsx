import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { changeQuery } from '@/api/oversight'
import type { PendingChange } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { useSession } from '@/app/session'
import { Button } from '@/ui/button'
import { Field, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { useToast } from '@/ui/toast'

type Act = 'approval' | 'rejection' | 'withdrawal'

/** What the reader can do with a change that waits: nobody decides their own. */
export function ChangeActions({ change }: { change: PendingChange }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const [act, setAct] = useState<Act | null>(null)
  if (change.state !== 'pending') return null
  const agreed = change.approvals.some(({ user_id }) => user_id === user.id)
  return (
    <>
      {change.author_id === user.id ? (
        <div className="flex flex-wrap items-center gap-3">
          <Button icon={<Undo2 aria-hidden />} onClick={() => setAct('withdrawal')}>
            {t('changes.acts.withdrawal')}
          </Button>
          <p className="text-ink-soft text-sm">{t('changes.notOwn')}</p>
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-2">
          {agreed ? (
            <p className="text-ink-soft text-sm">{t('changes.agreed')}</p>
          ) : (
            <ActionButton
              permission="change:decide"
              place="platform"
              tone="primary"
              icon={<Check aria-hidden />}
              onClick={() => setAct('approval')}
            >
              {t('changes.acts.approval')}
            </ActionButton>
          )}
          <ActionButton
            permission="change:decide"
            place="platform"
            icon={<X aria-hidden />}
            onClick={() => setAct('rejection')}
          >
            {t('changes.acts.rejection')}
          </ActionButton>
        </div>
      )}
      {act ? <ActDialog act={act} change={change} onClose={() => setAct(null)} /> : null}
    </>
  )
}

interface ActDialogProps {
  act: Act
  change: PendingChange
  onClose: () => void
}

/** Asks before an act, with room for the words that belong to it. */
function ActDialog({ act, change, onClose }: ActDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [comment, setComment] = useState('')
  const perform = useMutation({
    mutationFn: () =>
      call<PendingChange>('POST', `/changes/${change.id}/${act}`, {
        body: act === 'withdrawal' ? undefined : { comment: comment.trim() },
      }),
    onSuccess: (answer) => {
      queries.setQueryData(changeQuery(change.id).queryKey, answer)
      // What was approved was made: anything that is shown may be another now.
      void queries.invalidateQueries()
      toast.done(t(`changes.done.${answer.state}`))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t(`changes.ask.${act}`, { operation: change.operation })}
      description={t(`changes.askText.${act}`)}
      action={t(`changes.acts.${act}`)}
      busy={perform.isPending}
      error={perform.error}
      onSubmit={() => perform.mutate()}
      onClose={onClose}
    >
      {act === 'withdrawal' ? null : (
        <Field label={t(act === 'approval' ? 'changes.comment' : 'changes.why')}>
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              required={act === 'rejection'}
              maxLength={2000}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
      )}
    </FormDialog>
  )
}
