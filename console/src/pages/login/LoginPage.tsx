import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { AuthLayout } from '@/app/AuthLayout'
import { enter, safeReturn } from '@/app/session'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'

/** Sign in, then go on where one was. */
export default function LoginPage() {
  const { t } = useTranslation()
  const { next } = useSearch({ from: '/login' })
  const queries = useQueryClient()
  const router = useRouter()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: () => call('POST', '/sessions', { body: { email: email.trim(), password } }),
    onSuccess: async () => {
      await enter(queries)
      router.history.push(safeReturn(next))
    },
  })
  return (
    <AuthLayout
      title={t('login.title')}
      description={next ? t('login.textReturn') : t('login.text')}
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          login.mutate()
        }}
      >
        <Field label={t('login.email')}>
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('login.password')}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {login.isError ? <Problem error={login.error} /> : null}
        <Button type="submit" tone="primary" size="lg" className="w-full" busy={login.isPending}>
          {t('login.action')}
        </Button>
      </form>
    </AuthLayout>
  )
}
