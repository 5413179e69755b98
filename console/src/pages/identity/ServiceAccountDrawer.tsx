import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ban, KeyRound, Pause, Play, Trash2, UserRound, UserRoundX } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccountSecret, CreatedAccountSecret, ServiceAccount } from '@/api/types'
import { Editing, useObject } from '@/app/editing'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import { dateOf } from '@/format/time'
import { Confirm } from '@/ui/confirm'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { LimitsList } from '@/ui/limits'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { AccountSecretDialog } from './AccountSecret'
import { OwnerDialog } from './OwnerDialog'
import { secretsQuery } from './queries'

/** One service account: where it may do what, its secrets, and how it is stopped. */
export function ServiceAccountDrawer({
  account: listed,
  onClose,
}: {
  account: ServiceAccount
  onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const [removing, setRemoving] = useState(false)
  const [handing, setHanding] = useState(false)
  const read = useObject(['service-accounts'], `/service-accounts/${listed.id}`, listed)
  const account = read.object
  const may = { permission: 'service_account:write', place: { orgId: account.org_id } }
  const changed = () => void queries.invalidateQueries({ queryKey: ['service-accounts'] })
  const suspend = useMutation({
    mutationFn: () =>
      call<ServiceAccount>('PATCH', `/service-accounts/${account.id}`, {
        body: { suspended: !account.suspended },
        ifMatch: read.revision,
      }),
    onSuccess: () =>
      toast.done(
        t(account.suspended ? 'serviceAccounts.resumed' : 'serviceAccounts.suspended', {
          name: account.name,
        }),
      ),
    onError: toast.failed,
    onSettled: changed,
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/service-accounts/${account.id}`),
    onSuccess: () => {
      toast.done(t('serviceAccounts.removed', { name: account.name }))
      onClose()
      // Not the account itself: this drawer may still be there to ask for it, in vain.
      void queries.invalidateQueries({
        queryKey: ['service-accounts'],
        predicate: (each) => !each.queryKey.includes(`/service-accounts/${account.id}`),
      })
    },
    onError: (error) => {
      toast.failed(error)
      changed()
    },
    onSettled: () => setRemoving(false),
  })
  return (
    <Drawer
      title={account.name}
      description={<code className="wrap-anywhere font-mono text-xs">{account.id}</code>}
      actions={
        <>
          <ActionButton {...may} icon={<UserRound aria-hidden />} onClick={() => setHanding(true)}>
            {t('serviceAccounts.handOver')}
          </ActionButton>
          <ActionButton
            {...may}
            icon={account.suspended ? <Play aria-hidden /> : <Pause aria-hidden />}
            busy={suspend.isPending}
            disabled={!read.ready}
            onClick={() => suspend.mutate()}
          >
            {t(account.suspended ? 'serviceAccounts.resume' : 'serviceAccounts.suspend')}
          </ActionButton>
          <ActionButton {...may} icon={<Trash2 aria-hidden />} onClick={() => setRemoving(true)}>
            {t('common.remove')}
          </ActionButton>
        </>
      }
      onClose={onClose}
    >
      {account.owner_left_at ? (
        <p
          role="status"
          data-owner-left
          className="mb-4 flex items-start gap-3 rounded-lg bg-warn-soft px-3.5 py-3 text-sm text-warn-ink"
        >
          <UserRoundX aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('serviceAccounts.ownerLeftText', {
            name: account.owner_id ? names(account.owner_id) : t('common.none'),
            date: dateOf(account.owner_left_at, i18n.language),
          })}
        </p>
      ) : null}
      <Facts
        facts={[
          {
            id: 'owner',
            name: t('serviceAccounts.owner'),
            value: account.owner_id ? names(account.owner_id) : t('common.none'),
          },
          {
            id: 'projects',
            name: t('organization.projects'),
            value: account.project_ids.map(names).join(', '),
          },
          { id: 'scopes', name: t('keys.scopes'), value: account.scopes.join(', ') },
          {
            id: 'models',
            name: t('keys.models'),
            value: account.models?.join(', ') ?? t('keys.allModels'),
          },
          {
            id: 'lifetime',
            name: t('serviceAccounts.lifetime'),
            value: Math.round(account.token_lifetime_s / 60),
          },
          {
            id: 'expires',
            name: t('keys.expires'),
            value: account.expires_at
              ? dateOf(account.expires_at, i18n.language)
              : t('keys.neverExpires'),
          },
          {
            id: 'state',
            name: t('keys.state'),
            value: t(account.suspended ? 'organization.suspended' : 'keys.states.active'),
          },
        ]}
      />
      <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('limits.title')}</h3>
      <LimitsList limits={account.limits} />
      <Secrets account={account} />
      {handing ? (
        <Editing<ServiceAccount>
          path={`/service-accounts/${account.id}`}
          title={t('serviceAccounts.handOver')}
          onClose={() => setHanding(false)}
        >
          {(begun) => <OwnerDialog account={begun} onClose={() => setHanding(false)} />}
        </Editing>
      ) : null}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={t('serviceAccounts.removeTitle', { name: account.name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        <p>{t('serviceAccounts.removeText')}</p>
      </Confirm>
    </Drawer>
  )
}

/** The old secrets end so long after a new one is made, in seconds. */
const OVERLAP_S = 86_400

function Secrets({ account }: { account: ServiceAccount }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const may = { permission: 'service_account:write', place: { orgId: account.org_id } }
  const path = `/service-accounts/${account.id}/secrets`
  const query = secretsQuery(account.id)
  const secrets = useQuery(query)
  const [asking, setAsking] = useState(false)
  const [revoking, setRevoking] = useState<AccountSecret | null>(null)
  const changed = () => void queries.invalidateQueries({ queryKey: query.queryKey })
  const renew = useMutation({
    mutationFn: () =>
      call<CreatedAccountSecret>('POST', path, { body: { others_end_in_s: OVERLAP_S } }),
    onSuccess: changed,
    onError: toast.failed,
    onSettled: () => setAsking(false),
    // The secret must not outlive this dialog in any cache.
    gcTime: 0,
  })
  const revoke = useMutation({
    mutationFn: (secret: AccountSecret) => call('DELETE', `${path}/${secret.id}`),
    onSuccess: () => toast.done(t('serviceAccounts.secretRevoked')),
    onError: toast.failed,
    onSettled: () => {
      setRevoking(null)
      changed()
    },
  })
  return (
    <section aria-labelledby="secrets" className="mt-6">
      <div className="flex flex-wrap items-center gap-2">
        <h3 id="secrets" className="font-medium text-ink text-sm">
          {t('serviceAccounts.secrets')}
        </h3>
        <ActionButton
          {...may}
          size="sm"
          className="ms-auto"
          icon={<KeyRound aria-hidden />}
          onClick={() => setAsking(true)}
        >
          {t('serviceAccounts.newSecret')}
        </ActionButton>
      </div>
      {secrets.isError ? <Problem error={secrets.error} className="mt-2" /> : null}
      {secrets.isPending ? <SkeletonRows rows={2} /> : null}
      <ul className="mt-2 space-y-1.5">
        {secrets.data?.items.map((secret) => (
          <li
            key={secret.id}
            data-account-secret={secret.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm"
          >
            <code className="min-w-0 flex-1 truncate font-mono text-ink text-xs">
              {secret.hint}
            </code>
            <span className="text-ink-soft text-xs">
              {secret.last_used_at ? (
                <>
                  {t('keys.lastUsed')} <RelativeTime at={secret.last_used_at} />
                </>
              ) : (
                t('directory.unused')
              )}
            </span>
            {secret.expires_at ? (
              <span className="text-ink-soft text-xs">
                {t('directory.until', { date: dateOf(secret.expires_at, i18n.language) })}
              </span>
            ) : null}
            <ActionButton
              {...may}
              size="sm"
              tone="ghost"
              icon={<Ban aria-hidden />}
              aria-label={t('keys.revokeNamed', { name: secret.hint })}
              onClick={() => setRevoking(secret)}
            >
              {t('keys.revoke')}
            </ActionButton>
          </li>
        ))}
      </ul>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('serviceAccounts.newSecretTitle')}
        action={t('serviceAccounts.newSecret')}
        busy={renew.isPending}
        onConfirm={() => renew.mutate()}
      >
        <p>{t('serviceAccounts.newSecretText')}</p>
      </Confirm>
      <Confirm
        open={revoking !== null}
        onOpenChange={(open) => !open && setRevoking(null)}
        title={t('keys.revokeTitle', { name: revoking?.hint ?? '' })}
        action={t('keys.revoke')}
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      >
        <p>{t('serviceAccounts.revokeText')}</p>
      </Confirm>
      {renew.data ? (
        <AccountSecretDialog
          clientId={account.id}
          secret={renew.data.secret}
          onClose={() => renew.reset()}
        />
      ) : null}
    </section>
  )
}
