import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleStop, Gavel } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { isOpen } from '@/api/oversight'
import type { Emergency } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton, roleName } from '@/app/permission'
import { useSession } from '@/app/session'
import { fullTime } from '@/format/time'
import { Button } from '@/ui/button'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Field, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { Standing } from './Standing'

const VERDICTS = ['justified', 'unjustified'] as const

interface EmergencyDrawerProps {
  emergency: Emergency
  onClose: () => void
}

/** One emergency: why, as what and how long; its end and its review. */
export function EmergencyDrawer({ emergency, onClose }: EmergencyDrawerProps) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const time = (at: string | null) => (at ? fullTime(at, i18n.language) : null)
  const open = isOpen(emergency)
  return (
    <Drawer
      title={t('emergencies.of', { name: names(emergency.user_id) })}
      description={<Standing emergency={emergency} />}
      onClose={onClose}
    >
      <div className="space-y-6">
        <Actions emergency={emergency} open={open} />
        <p className="wrap-anywhere max-w-prose whitespace-pre-wrap text-ink text-sm">
          {emergency.reason}
        </p>
        <Facts
          className="grid-cols-[repeat(auto-fill,minmax(13rem,1fr))]"
          facts={[
            { id: 'role', name: t('emergencies.role'), value: roleName(t, emergency.role) },
            { id: 'uses', name: t('emergencies.uses'), value: emergency.uses },
            { id: 'opened', name: t('emergencies.openedAt'), value: time(emergency.opened_at) },
            { id: 'until', name: t('emergencies.until'), value: time(emergency.until) },
            { id: 'ended', name: t('emergencies.endedAt'), value: time(emergency.ended_at) },
            {
              id: 'ended-by',
              name: t('emergencies.endedBy'),
              value: open
                ? null
                : emergency.ended_by
                  ? names(emergency.ended_by)
                  : t('emergencies.ranOut'),
            },
            {
              id: 'reviewed-by',
              name: t('emergencies.reviewedBy'),
              value: emergency.reviewed_by ? names(emergency.reviewed_by) : null,
            },
            {
              id: 'reviewed',
              name: t('emergencies.reviewedAt'),
              value: time(emergency.reviewed_at),
            },
            { id: 'id', name: t('common.id'), value: emergency.id },
          ]}
        />
        {emergency.review ? (
          <p className="wrap-anywhere max-w-prose whitespace-pre-wrap rounded-lg bg-sunken px-3.5 py-2.5 text-ink text-sm">
            {emergency.review}
          </p>
        ) : null}
        <p>
          <Link
            to="/audit"
            search={(before) => ({ ...before, object: emergency.id, open: undefined })}
            className="font-medium text-accent-ink text-sm underline"
          >
            {t('emergencies.audit')}
          </Link>
        </p>
      </div>
    </Drawer>
  )
}

function Actions({ emergency, open }: { emergency: Emergency; open: boolean }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const queries = useQueryClient()
  const toast = useToast()
  const [asking, setAsking] = useState<'end' | 'review' | null>(null)
  const own = emergency.user_id === user.id
  const end = useMutation({
    mutationFn: () => call<Emergency>('POST', `/break-glass/${emergency.id}/end`),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['emergencies'] })
      toast.done(t('emergencies.ended'))
    },
    onError: toast.failed,
    onSettled: () => setAsking(null),
  })
  const label = t('emergencies.end')
  const stop = { tone: 'danger', icon: <CircleStop aria-hidden /> } as const
  if (!open && emergency.reviewed_at !== null) return null
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        {open && own ? (
          <Button {...stop} onClick={() => setAsking('end')}>
            {label}
          </Button>
        ) : null}
        {open && !own ? (
          <ActionButton
            {...stop}
            permission="break_glass:review"
            place="platform"
            onClick={() => setAsking('end')}
          >
            {label}
          </ActionButton>
        ) : null}
        {!open && own ? <p className="text-ink-soft text-sm">{t('emergencies.notOwn')}</p> : null}
        {!open && !own ? (
          <ActionButton
            tone="primary"
            permission="break_glass:review"
            place="platform"
            icon={<Gavel aria-hidden />}
            onClick={() => setAsking('review')}
          >
            {t('emergencies.review')}
          </ActionButton>
        ) : null}
      </div>
      <Confirm
        open={asking === 'end'}
        onOpenChange={(next) => setAsking(next ? 'end' : null)}
        title={t('emergencies.askEnd')}
        action={label}
        busy={end.isPending}
        onConfirm={() => end.mutate()}
      >
        {t('emergencies.askEndText')}
      </Confirm>
      {asking === 'review' ? (
        <ReviewDialog emergency={emergency} onClose={() => setAsking(null)} />
      ) : null}
    </>
  )
}

function ReviewDialog({ emergency, onClose }: EmergencyDrawerProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [verdict, setVerdict] = useState<(typeof VERDICTS)[number]>('justified')
  const [text, setText] = useState('')
  const review = useMutation({
    mutationFn: () =>
      call<Emergency>('POST', `/break-glass/${emergency.id}/review`, {
        body: { verdict, text: text.trim() },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['emergencies'] })
      toast.done(t('emergencies.reviewed'))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('emergencies.review')}
      description={t('emergencies.reviewText')}
      action={t('emergencies.reviewAction')}
      busy={review.isPending}
      error={review.error}
      onSubmit={() => review.mutate()}
      onClose={onClose}
    >
      <Field label={t('emergencies.verdict')}>
        {(control) => (
          <Select
            {...control}
            value={verdict}
            onChange={(event) =>
              setVerdict(VERDICTS.find((one) => one === event.target.value) ?? 'justified')
            }
          >
            {VERDICTS.map((one) => (
              <option key={one} value={one}>
                {t(`emergencies.standings.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('emergencies.found')}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            maxLength={2000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
