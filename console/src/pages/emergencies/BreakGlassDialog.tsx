import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Emergency, NewEmergency } from '@/api/types'
import { roleName } from '@/app/permission'
import { Field, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'

const ROLES: readonly NewEmergency['role'][] = ['platform_admin', 'security', 'finance']
const MINUTES = [15, 30, 60, 120, 240] as const
const USUAL_MINUTES = 30

/** Control asks for so many characters at least: whoever reviews it has to understand. */
const SHORTEST = 10

/** Asks why, for how long and as what, and says who will see it. */
export function BreakGlassDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState<number>(USUAL_MINUTES)
  const [role, setRole] = useState<NewEmergency['role']>('platform_admin')
  const open = useMutation({
    mutationFn: () =>
      call<Emergency>('POST', '/break-glass', {
        body: { reason: reason.trim(), minutes, role } satisfies NewEmergency,
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['emergencies'] })
      toast.done(t('emergencies.opened'))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('emergencies.open')}
      description={t('emergencies.openText')}
      action={t('emergencies.openAction')}
      busy={open.isPending}
      error={open.error}
      disabled={reason.trim().length < SHORTEST}
      onSubmit={() => open.mutate()}
      onClose={onClose}
    >
      <Field label={t('emergencies.reason')} hint={t('emergencies.reasonHint')}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            required
            minLength={SHORTEST}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('emergencies.role')}>
          {(control) => (
            <Select
              {...control}
              value={role}
              onChange={(event) =>
                setRole(ROLES.find((one) => one === event.target.value) ?? 'platform_admin')
              }
            >
              {ROLES.map((one) => (
                <option key={one} value={one}>
                  {roleName(t, one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('emergencies.time')}>
          {(control) => (
            <Select
              {...control}
              value={minutes}
              onChange={(event) => setMinutes(Number(event.target.value))}
            >
              {MINUTES.map((one) => (
                <option key={one} value={one}>
                  {t('emergencies.minutes', { count: one })}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
    </FormDialog>
  )
}
