import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Ban, CalendarPlus, Check, KeyRound, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccessRequest } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { useSession } from '@/app/session'
import { Button } from '@/ui/button'
import { Field, Input, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { useToast } from '@/ui/toast'
import { requestsQuery } from './queries'
import { TakeKeyDialog } from './TakeKeyDialog'

type Act = 'agree' | 'refuse' | 'withdraw' | 'revoke' | 'renew'

/** The path and body of each act; what is written goes where that act keeps it. */
function sent(act: Act, id: string, words: string, days: number): [string, object | undefined] {
  const path = `/access-requests/${id}`
  switch (act) {
    case 'agree':
    case 'refuse':
      return [`${path}/decisions`, { agrees: act === 'agree', comment: words }]
    case 'withdraw':
      return [`${path}/withdrawal`, undefined]
    case 'revoke':
      return [`${path}/revocation`, { reason: words }]
    case 'renew':
      return [`${path}/renewals`, { purpose: words, days }]
  }
}

interface RequestActionsProps {
  request: AccessRequest
  orgId: string
  onOther: (id: string) => void
}

/** What the reader can do with a request: decide it, take its key, prolong or end it. */
export function RequestActions({ request, orgId, onOther }: RequestActionsProps) {
  const { t } = useTranslation()
  const { user } = useSession()
  const [act, setAct] = useState<Act | null>(null)
  const [taking, setTaking] = useState(false)
  const inbox = useInfiniteQuery({
    ...requestsQuery(orgId, 'to_decide'),
    enabled: request.state === 'pending',
  })
  const own = request.requester_id === user.id
  const decides =
    request.state === 'pending' &&
    (inbox.data?.pages.some(({ items }) => items.some(({ id }) => id === request.id)) ?? false)
  const active = request.state === 'active'
  return (
    <>
      <div className="flex flex-wrap gap-2 empty:hidden">
        {decides ? (
          <>
            <Button tone="primary" icon={<Check aria-hidden />} onClick={() => setAct('agree')}>
              {t('accessRequests.acts.agree')}
            </Button>
            <Button icon={<X aria-hidden />} onClick={() => setAct('refuse')}>
              {t('accessRequests.acts.refuse')}
            </Button>
          </>
        ) : null}
        {own && active ? (
          <Button tone="primary" icon={<KeyRound aria-hidden />} onClick={() => setTaking(true)}>
            {t(request.key_id ? 'accessRequests.takeAgain' : 'accessRequests.take')}
          </Button>
        ) : null}
        {own && active && request.until ? (
          <Button icon={<CalendarPlus aria-hidden />} onClick={() => setAct('renew')}>
            {t('accessRequests.acts.renew')}
          </Button>
        ) : null}
        {own && (active || request.state === 'pending') ? (
          <Button icon={<Undo2 aria-hidden />} onClick={() => setAct('withdraw')}>
            {t(active ? 'accessRequests.giveBack' : 'accessRequests.acts.withdraw')}
          </Button>
        ) : null}
        {active ? (
          <ActionButton
            permission="access:revoke"
            place={{ orgId: request.org_id, projectId: request.project_id }}
            icon={<Ban aria-hidden />}
            onClick={() => setAct('revoke')}
          >
            {t('accessRequests.acts.revoke')}
          </ActionButton>
        ) : null}
      </div>
      {act ? (
        <ActDialog act={act} request={request} onOther={onOther} onClose={() => setAct(null)} />
      ) : null}
      {taking ? <TakeKeyDialog request={request} onClose={() => setTaking(false)} /> : null}
    </>
  )
}

interface ActDialogProps {
  act: Act
  request: AccessRequest
  onOther: (id: string) => void
  onClose: () => void
}

/** Asks before an act, with room for the words that belong to it. */
function ActDialog({ act, request, onOther, onClose }: ActDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [words, setWords] = useState(act === 'renew' ? request.purpose : '')
  const [days, setDays] = useState(request.days ?? 90)
  const names = { model: request.model }
  const perform = useMutation({
    mutationFn: () => {
      const [path, body] = sent(act, request.id, words.trim(), days)
      return call<AccessRequest>('POST', path, { body })
    },
    onSuccess: (answer) => {
      void queries.invalidateQueries({ queryKey: ['access-requests'] })
      toast.done(t(`accessRequests.done.${act}`, names))
      onClose()
      if (act === 'renew') onOther(answer.id)
    },
  })
  const optional = act === 'agree'
  return (
    <FormDialog
      title={t(`accessRequests.ask.${act}`, names)}
      description={t(`accessRequests.askText.${act}`)}
      action={t(`accessRequests.acts.${act}`)}
      busy={perform.isPending}
      error={perform.error}
      onSubmit={() => perform.mutate()}
      onClose={onClose}
    >
      {act === 'withdraw' ? null : (
        <Field
          label={t(
            act === 'renew'
              ? 'accessRequests.purpose'
              : act === 'revoke'
                ? 'accessRequests.reason'
                : 'accessRequests.comment',
          )}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              required={!optional}
              maxLength={2000}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
          )}
        </Field>
      )}
      {act === 'renew' ? (
        <Field label={t('accessRequests.moreDays')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={3650}
              required
              className="tabular"
              value={days}
              onChange={(event) => setDays(event.target.valueAsNumber)}
            />
          )}
        </Field>
      ) : null}
    </FormDialog>
  )
}
