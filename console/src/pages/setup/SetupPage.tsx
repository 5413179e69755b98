import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { asApiError } from '@/api/problem'
import { setupQuery } from '@/api/queries'
import type { Language, SetupBody } from '@/api/types'
import { AuthLayout } from '@/app/AuthLayout'
import { enter } from '@/app/session'
import { isLanguage, LANGUAGES, setLanguage } from '@/i18n'
import { Button } from '@/ui/button'
import { CodeBlock } from '@/ui/code'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { PasswordField } from './PasswordField'
import { forgetToken, takeToken } from './setup-token'

const LINK_COMMAND = 'cat ~/.mainspring/setup-link'

/** First start: the bearer of the one-time link becomes the first administrator. */
export default function SetupPage() {
  const { t } = useTranslation()
  const { data: state } = useSuspenseQuery(setupQuery)
  const [token] = useState(takeToken)
  if (!state.needed) {
    return (
      <AuthLayout title={t('setup.doneTitle')} description={t('setup.doneText')}>
        <Button asChild tone="primary" size="lg" className="w-full">
          <Link to="/login">{t('login.action')}</Link>
        </Button>
      </AuthLayout>
    )
  }
  if (!token) {
    return (
      <AuthLayout title={t('setup.linkTitle')} description={t('setup.linkText')}>
        <CodeBlock code={LINK_COMMAND} label={t('setup.linkCommand')} />
        <p className="mt-3 text-ink-faint text-xs">{t('setup.linkHint')}</p>
      </AuthLayout>
    )
  }
  return <SetupForm token={token} />
}

function SetupForm({ token }: { token: string }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const language: Language = isLanguage(i18n.language) ? i18n.language : 'en'
  const setup = useMutation({
    mutationFn: (body: SetupBody) => call('POST', '/setup', { body }),
    onSuccess: async () => {
      forgetToken()
      await enter(queries)
      await navigate({ to: '/' })
    },
  })
  const problem = setup.isError ? asApiError(setup.error) : null
  const fieldError = (field: string) =>
    problem?.fields.find((error) => error.field === field)?.message
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setup.mutate({ token, name: name.trim(), email: email.trim(), password, language })
  }
  return (
    <AuthLayout title={t('setup.title')} description={t('setup.text')}>
      <form className="space-y-4" onSubmit={submit}>
        <Field label={t('setup.language')}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={language}
              onChange={(event) => {
                if (isLanguage(event.target.value)) setLanguage(event.target.value)
              }}
            >
              {Object.entries(LANGUAGES).map(([code, own]) => (
                <option key={code} value={code} lang={code}>
                  {own}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('setup.name')} error={fieldError('name')}>
          {(control) => (
            <Input
              {...control}
              autoComplete="name"
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('setup.email')} error={fieldError('email')}>
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
        <PasswordField
          value={password}
          onChange={setPassword}
          known={[name, email]}
          error={fieldError('password')}
        />
        {setup.isError ? <Problem error={setup.error} /> : null}
        <Button
          type="submit"
          tone="primary"
          size="lg"
          className="mt-2 w-full"
          busy={setup.isPending}
        >
          {t('setup.action')}
        </Button>
      </form>
    </AuthLayout>
  )
}
