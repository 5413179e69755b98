import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, CircleX, Pencil, Stethoscope, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { IdentityProvider } from '@/api/types'
import { Editing } from '@/app/editing'
import { useNames } from '@/app/names'
import { ActionButton, roleName } from '@/app/permission'
import { CodeBlock } from '@/ui/code'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { useToast } from '@/ui/toast'
import { ProviderDialog } from './ProviderDialog'

/** One provider: what to register with it, whether it answers, and what its groups become. */
export function ProviderDrawer({
  provider,
  onClose,
}: {
  provider: IdentityProvider
  onClose: () => void
}) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const place = provider.org_id ? { orgId: provider.org_id } : ('platform' as const)
  const check = useMutation({
    mutationFn: () =>
      call<{ problem: string | null }>('POST', `/identity-providers/${provider.id}/check`),
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/identity-providers/${provider.id}`),
    onSuccess: () => {
      toast.done(t('providers.removed', { name: provider.display_name }))
      onClose()
    },
    onError: toast.failed,
    onSettled: () => {
      setRemoving(false)
      void queries.invalidateQueries({ queryKey: ['providers'] })
    },
  })
  const may = { permission: 'identity_provider:write', place }
  return (
    <Drawer
      title={provider.display_name}
      description={<code className="wrap-anywhere font-mono text-xs">{provider.issuer}</code>}
      actions={
        <>
          <ActionButton
            {...may}
            icon={<Stethoscope aria-hidden />}
            busy={check.isPending}
            onClick={() => check.mutate()}
          >
            {t('providers.check')}
          </ActionButton>
          <ActionButton {...may} icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
            {t('common.edit')}
          </ActionButton>
          <ActionButton {...may} icon={<Trash2 aria-hidden />} onClick={() => setRemoving(true)}>
            {t('common.remove')}
          </ActionButton>
        </>
      }
      onClose={onClose}
    >
      <div className="space-y-6">
        {check.error ? <Problem error={check.error} /> : null}
        {check.data ? (
          <p
            role="status"
            data-healthy={check.data.problem === null}
            className="flex items-start gap-2.5 text-ink text-sm"
          >
            {check.data.problem === null ? (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok-ink" />
            ) : (
              <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad-ink" />
            )}
            <span className="wrap-anywhere">{check.data.problem ?? t('providers.healthy')}</span>
          </p>
        ) : null}
        <section aria-labelledby="register" className="space-y-2">
          <h3 id="register" className="font-medium text-ink text-sm">
            {t('providers.register')}
          </h3>
          <p className="text-ink-soft text-sm">{t('providers.registerText')}</p>
          <CodeBlock code={provider.redirect_uri} label={t('providers.redirect')} />
          <p className="text-ink-soft text-sm">{t('providers.logoutText')}</p>
          <CodeBlock code={provider.logout_uri} label={t('providers.logout')} />
        </section>
        <Facts
          facts={[
            { id: 'client', name: t('providers.clientId'), value: provider.client_id },
            {
              id: 'secret',
              name: t('providers.secret'),
              value: provider.has_secret ? t('upstreams.kept') : t('common.none'),
            },
            {
              id: 'domains',
              name: t('providers.domains'),
              value: provider.allowed_domains.join(', '),
            },
            { id: 'claim', name: t('providers.groupsClaim'), value: provider.groups_claim },
            { id: 'scopes', name: t('keys.scopes'), value: provider.scopes.join(' ') },
            {
              id: 'hours',
              name: t('providers.sessionHours'),
              value: provider.session_hours,
            },
            {
              id: 'creates',
              name: t('providers.createsAccounts'),
              value: t(provider.creates_accounts ? 'common.yes' : 'common.no'),
            },
            {
              id: 'links',
              name: t('providers.linksByEmail'),
              value: t(provider.links_by_email ? 'common.yes' : 'common.no'),
            },
          ]}
        />
        <section aria-labelledby="provider-rules">
          <h3 id="provider-rules" className="font-medium text-ink text-sm">
            {t('providers.mapping')}
          </h3>
          {provider.rules.length === 0 ? (
            <p className="mt-1 text-ink-soft text-sm">{t('providers.noRules')}</p>
          ) : null}
          <ol className="mt-2 space-y-1.5">
            {provider.rules.map((rule) => (
              <li
                key={`${rule.org_id}/${rule.group}/${rule.role}`}
                data-rule={rule.role}
                className="flex flex-wrap items-center gap-x-3 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm"
              >
                <span className="text-ink">{rule.group ?? t('providers.everybody')}</span>
                <span aria-hidden className="text-ink-faint">
                  {'→'}
                </span>
                <span className="font-medium text-ink">{roleName(t, rule.role)}</span>
                <span className="ms-auto text-ink-soft">
                  {rule.org_id
                    ? names(rule.org_id)
                    : provider.org_id
                      ? names(provider.org_id)
                      : t('explain.platform')}
                </span>
              </li>
            ))}
          </ol>
        </section>
      </div>
      {editing ? (
        <Editing<IdentityProvider>
          path={`/identity-providers/${provider.id}`}
          title={provider.display_name}
          onClose={() => setEditing(false)}
        >
          {(begun) => (
            <ProviderDialog
              orgId={provider.org_id}
              provider={begun}
              onSaved={() => setEditing(false)}
              onClose={() => setEditing(false)}
            />
          )}
        </Editing>
      ) : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('providers.removeTitle', { name: provider.display_name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('providers.removeText')}</p>
      </Confirm>
    </Drawer>
  )
}
