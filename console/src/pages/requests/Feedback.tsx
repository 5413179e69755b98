import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { FullCall, Score } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { Field, Input } from '@/ui/field'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { callQuery } from './queries'

/** What people and programs thought of the answer, and the reader's own word. */
export function Feedback({ call: one }: { call: FullCall }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [comment, setComment] = useState('')
  const place = { orgId: one.org_id, projectId: one.project_id }
  const judge = useMutation({
    mutationFn: (good: boolean) =>
      call<Score>('POST', '/scores', {
        body: {
          request_id: one.request_id,
          name: 'feedback',
          value: good ? 1 : 0,
          label: good ? 'good' : 'bad',
          comment: comment.trim() || null,
          source: 'reviewer',
          project_id: one.project_id,
        },
      }),
    onSuccess: (score) => {
      setComment('')
      queries.setQueryData(callQuery(one.id).queryKey, (before) =>
        before ? { ...before, scores: [...before.scores, score] } : before,
      )
      toast.done(t('feedback.saved'))
    },
    onError: toast.failed,
  })
  return (
    <section aria-labelledby="feedback" className="mt-6 border-line border-t pt-4">
      <h3 id="feedback" className="font-medium text-ink text-sm">
        {t('feedback.title')}
      </h3>
      {one.scores.length > 0 ? (
        <ul className="mt-2 space-y-1.5">
          {one.scores.map((score) => (
            <li key={score.id} className="flex flex-wrap items-center gap-2 text-sm">
              <Badge tone={score.value === 0 || score.label === 'bad' ? 'bad' : 'ok'}>
                {[score.name, score.label ?? score.value].filter((one) => one !== null).join(': ')}
              </Badge>
              {score.comment ? <span className="text-ink">{score.comment}</span> : null}
              <span className="text-ink-faint text-xs">
                <RelativeTime at={score.at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="mt-3 flex flex-wrap items-end gap-2">
        <Field label={t('feedback.comment')} className="min-w-48 flex-1">
          {(control) => (
            <Input
              {...control}
              value={comment}
              maxLength={4000}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
        <ActionButton
          permission="score:write"
          place={place}
          icon={<ThumbsUp aria-hidden />}
          disabled={judge.isPending}
          onClick={() => judge.mutate(true)}
        >
          {t('feedback.good')}
        </ActionButton>
        <ActionButton
          permission="score:write"
          place={place}
          icon={<ThumbsDown aria-hidden />}
          disabled={judge.isPending}
          onClick={() => judge.mutate(false)}
        >
          {t('feedback.bad')}
        </ActionButton>
      </div>
    </section>
  )
}
