import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { ApiError, asApiError } from '@/api/problem'
import { signInWaysQuery } from '@/api/queries'
import { AuthLayout } from '@/app/AuthLayout'
import { enter, safeReturn } from '@/app/session'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'

/** Sign in, then go on where one was. */
export default function LoginPage() {
  const { t } = useTranslation()
  const { next, error } = useSearch({ from: '/login' })
  const queries = useQueryClient()
  const router = useRouter()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const { data: ways } = useQuery({
    ...signInWaysQuery(useDeferredValue(email)),
    placeholderData: keepPreviousData,
  })
  const providers = ways?.providers ?? []
  const login = useMutation({
    mutationFn: () =>
      call('POST', '/sessions', {
        body: { email: email.trim(), password, ...(code ? { code: code.trim() } : {}) },
      }),
    onSuccess: async () => {
      await enter(queries)
      router.history.push(safeReturn(next))
    },
  })
  const failure = login.isError ? asApiError(login.error).code : null
  // Once asked for, the field stays: a wrong code is answered like a wrong password.
  const wantsCode = failure === 'second_factor_required' || code !== ''
  return (
    <AuthLayout
      title={t('login.title')}
      description={next ? t('login.textReturn') : t('login.text')}
    >
      {error && !login.isError ? (
        <div className="mb-5">
          <Problem error={refusal(error)} />
        </div>
      ) : null}
      {ways?.password === false ? (
        <p className="mb-5 text-base text-ink-soft">{t('login.passwordsOff')}</p>
      ) : null}
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
        {wantsCode ? (
          <Field label={t('login.code')} hint={t('login.codeHint')}>
            {(control) => (
              <Input
                {...control}
                autoFocus
                autoComplete="one-time-code"
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {login.isError && failure !== 'second_factor_required' ? (
          <Problem error={login.error} />
        ) : null}
        <Button type="submit" tone="primary" size="lg" className="w-full" busy={login.isPending}>
          {t('login.action')}
        </Button>
      </form>
      {providers.length > 0 ? (
        <section
          aria-label={t('login.providers')}
          className="mt-6 space-y-3 border-line border-t pt-6"
        >
          {providers.map((provider) => (
            <Button
              key={provider.id}
              size="lg"
              className="w-full"
              onClick={() =>
                location.assign(
                  `${provider.url}?${new URLSearchParams({ next: safeReturn(next) })}`,
                )
              }
            >
              {t('login.with', { provider: provider.display_name })}
            </Button>
          ))}
        </section>
      ) : null}
    </AuthLayout>
  )
}

/** What a provider's callback sends back with: a code of the catalogue, put into words here. */
function refusal(code: string): ApiError {
  const known = /^[a-z_]{1,64}$/.test(code) ? code : 'sso_failed'
  return new ApiError({
    status: 401,
    code: known,
    title: '',
    detail: '',
    nextStep: '',
    requestId: null,
    fields: [],
  })
}
