import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { useSession } from '@/app/session'
import { PasswordField } from '@/pages/setup/PasswordField'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { useToast } from '@/ui/toast'

/** Changes the password, which ends every other session. */
export function Passwords() {
  const { t } = useTranslation()
  const { user } = useSession()
  const queries = useQueryClient()
  const toast = useToast()
  const [current, setCurrent] = useState('')
  const [wanted, setWanted] = useState('')
  const change = useMutation({
    mutationFn: () => call('POST', '/account/password', { body: { current, new: wanted } }),
    onSuccess: () => {
      setCurrent('')
      setWanted('')
      void queries.invalidateQueries({ queryKey: ['own-sessions'] })
      toast.done(t('account.passwordChanged'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Card aria-labelledby="password">
      <CardHeader id="password" title={t('setup.password')} hint={t('account.passwordHint')} />
      <form className="space-y-4 px-4 pb-4 sm:px-5 sm:pb-5" onSubmit={submit}>
        <input type="hidden" autoComplete="username" value={user.email} readOnly />
        <Field label={t('account.current')}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              required
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <PasswordField
          value={wanted}
          onChange={setWanted}
          known={[user.name, user.email]}
          label={t('account.wanted')}
        />
        {change.isError ? <Problem error={change.error} /> : null}
        <Button type="submit" tone="primary" busy={change.isPending}>
          {t('account.changePassword')}
        </Button>
      </form>
    </Card>
  )
}
