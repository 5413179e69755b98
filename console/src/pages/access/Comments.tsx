import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccessRequest } from '@/api/types'
import { useNames } from '@/app/names'
import { Button } from '@/ui/button'
import { Textarea } from '@/ui/field'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { requestQuery } from './queries'

/** What the people whom a request concerns write to each other. */
export function Comments({ request }: { request: AccessRequest }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const [text, setText] = useState('')
  const send = useMutation({
    mutationFn: () =>
      call<AccessRequest>('POST', `/access-requests/${request.id}/comments`, {
        body: { text: text.trim() },
      }),
    onSuccess: (changed) => {
      queries.setQueryData(requestQuery(request.id).queryKey, changed)
      setText('')
    },
    onError: toast.failed,
  })
  return (
    <section aria-labelledby="comments">
      <h3 id="comments" className="font-medium text-ink text-sm">
        {t('accessRequests.comments')}
      </h3>
      <ul className="mt-2 space-y-2">
        {request.comments.map((comment) => (
          <li
            key={`${comment.at}/${comment.user_id}`}
            className="rounded-xl border border-line bg-surface px-4 py-3 text-sm"
          >
            <span className="font-medium text-ink">{names(comment.user_id)}</span>
            <span className="ms-2 text-ink-faint text-xs">
              <RelativeTime at={comment.at} />
            </span>
            <p className="wrap-anywhere whitespace-pre-wrap text-ink">{comment.text}</p>
          </li>
        ))}
      </ul>
      <form
        className="mt-3 space-y-2"
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate()
        }}
      >
        <Textarea
          aria-label={t('accessRequests.comment')}
          rows={2}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          type="submit"
          size="sm"
          icon={<Send aria-hidden />}
          busy={send.isPending}
          disabled={text.trim() === ''}
        >
          {t('accessRequests.send')}
        </Button>
      </form>
    </section>
  )
}
