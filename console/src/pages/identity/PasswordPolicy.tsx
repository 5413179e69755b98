import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '@/api/client'
import { objectQuery, taggedOf } from '@/api/tagged'
import type { SignInPolicy } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { Card, CardHeader } from '@/ui/card'
import { Confirm } from '@/ui/confirm'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'

const policyQuery = objectQuery<SignInPolicy>(['sign-in-policy'], '/sign-in-policy')

/** Whether people may still sign in by password, beside the platform's providers. */
export function PasswordPolicy() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const policy = useQuery(policyQuery)
  const [asking, setAsking] = useState(false)
  const on = policy.data?.password_sign_in ?? true
  const turn = useMutation({
    mutationFn: async () =>
      await taggedOf<SignInPolicy>(
        await send('PUT', '/sign-in-policy', {
          body: { password_sign_in: !on },
          ifMatch: policy.data?.revision,
        }),
      ),
    onSuccess: (answer) => {
      queries.setQueryData(policyQuery.queryKey, answer)
      toast.done(t(answer.password_sign_in ? 'passwords.turnedOn' : 'passwords.turnedOff'))
    },
    onError: (error) => {
      toast.failed(error)
      void policy.refetch()
    },
    onSettled: () => setAsking(false),
  })
  return (
    <Card aria-labelledby="passwords" className="mb-4" data-passwords={on}>
      <CardHeader id="passwords" title={t('passwords.title')}>
        {policy.data ? (
          <>
            <Badge tone={on ? 'idle' : 'ok'} dot>
              {t(on ? 'passwords.on' : 'passwords.off')}
            </Badge>
            <ActionButton
              permission="sign_in:write"
              place="platform"
              size="sm"
              onClick={() => setAsking(true)}
            >
              {t(on ? 'passwords.turnOff' : 'passwords.turnOn')}
            </ActionButton>
          </>
        ) : null}
      </CardHeader>
      {policy.isError ? <Problem error={policy.error} className="m-4 mt-0" /> : null}
      {policy.isPending ? <SkeletonRows rows={1} /> : null}
      {policy.data ? (
        <p className="px-4 pb-4 text-ink-soft text-sm sm:px-5">
          {t(on ? 'passwords.onText' : 'passwords.offText')}
        </p>
      ) : null}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t(on ? 'passwords.askOff' : 'passwords.askOn')}
        action={t(on ? 'passwords.turnOff' : 'passwords.turnOn')}
        busy={turn.isPending}
        onConfirm={() => turn.mutate()}
      >
        <p>{t(on ? 'passwords.askOffText' : 'passwords.askOnText')}</p>
      </Confirm>
    </Card>
  )
}
