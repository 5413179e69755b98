import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import type { Invitation, InvitationOffer } from '@/api/types'
import { AuthLayout } from '@/app/AuthLayout'
import { roleName } from '@/app/permission'
import { enter } from '@/app/session'
import { PasswordField } from '@/pages/setup/PasswordField'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { forgetInvitation, takeInvitation } from './invite-token'

/** What the bearer of an invitation's link sees: who invites, and the way in. */
export default function InvitePage() {
  const { t } = useTranslation()
  const [token] = useState(takeInvitation)
  const session = useQuery(sessionQuery)
  const offer = useQuery({
    queryKey: ['invitation'],
    queryFn: () => call<InvitationOffer>('POST', '/invitations/open', { body: { token } }),
    enabled: token !== '',
    retry: false,
  })
  if (!token || offer.isError) {
    return (
      <AuthLayout title={t('invite.invalidTitle')} description={t('invite.invalidText')}>
        {offer.isError ? <Problem error={offer.error} className="mb-4" /> : null}
        <Button asChild size="lg" className="w-full">
          <Link to="/login">{t('login.action')}</Link>
        </Button>
      </AuthLayout>
    )
  }
  if (!offer.data || session.isPending) {
    return (
      <AuthLayout title={t('invite.title')} description={t('invite.opening')}>
        <SkeletonRows />
      </AuthLayout>
    )
  }
  const { organization, role, email, has_account } = offer.data
  return (
    <AuthLayout
      title={t('invite.join', { organization })}
      description={t('invite.as', { role: roleName(t, role), email })}
    >
      {session.data ? (
        <Join token={token} name={session.data.user.name} />
      ) : has_account ? (
        <div className="space-y-4">
          <p className="text-base text-ink-soft">{t('invite.hasAccount')}</p>
          <Button asChild tone="primary" size="lg" className="w-full">
            <Link to="/login" search={{ next: '/invite' }}>
              {t('login.action')}
            </Link>
          </Button>
        </div>
      ) : (
        <Accept token={token} email={email} />
      )}
    </AuthLayout>
  )
}

function Join({ token, name }: { token: string; name: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const join = useMutation({
    mutationFn: () => call<Invitation>('POST', '/invitations/join', { body: { token } }),
    onSuccess: async () => {
      forgetInvitation()
      await enter(queries)
      await navigate({ to: '/' })
    },
  })
  return (
    <div className="space-y-4">
      {join.isError ? <Problem error={join.error} /> : null}
      <Button
        tone="primary"
        size="lg"
        className="w-full"
        busy={join.isPending}
        onClick={() => join.mutate()}
      >
        {t('invite.joinAs', { name })}
      </Button>
    </div>
  )
}

function Accept({ token, email }: { token: string; email: string }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const accept = useMutation({
    mutationFn: () =>
      call('POST', '/invitations/accept', {
        body: { token, name: name.trim(), password, language: i18n.language },
      }),
    onSuccess: async () => {
      forgetInvitation()
      await enter(queries)
      await navigate({ to: '/' })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    accept.mutate()
  }
  return (
    <form className="space-y-4" onSubmit={submit}>
      <Field label={t('setup.name')}>
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
      <PasswordField
        value={password}
        onChange={setPassword}
        known={[name, email]}
        error={undefined}
      />
      {accept.isError ? <Problem error={accept.error} /> : null}
      <Button type="submit" tone="primary" size="lg" className="w-full" busy={accept.isPending}>
        {t('invite.accept')}
      </Button>
    </form>
  )
}
