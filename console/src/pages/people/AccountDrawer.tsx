import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Account, Ended } from '@/api/types'
import { useObject } from '@/app/editing'
import { ActionButton, roleName, usePermits } from '@/app/permission'
import { useSession } from '@/app/session'
import { fullTime } from '@/format/time'
import { Confirm } from '@/ui/confirm'
import { CopyButton } from '@/ui/copy'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { useToast } from '@/ui/toast'

type Act = 'disable' | 'revoke' | 'factor'

const PLATFORM_ROLES = ['platform_admin', 'security', 'finance'] as const

/** One account: its roles in the platform, and how to end what it holds. */
export function AccountDrawer({
  account: listed,
  onClose,
}: {
  account: Account
  onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const { user } = useSession()
  const mayWrite = usePermits()('user:write', 'platform')
  const [asking, setAsking] = useState<Act | null>(null)
  const read = useObject(['users'], `/users/${listed.id}`, listed)
  const account = read.object
  const own = account.id === user.id
  const changed = () => void queries.invalidateQueries({ queryKey: ['users'] })
  const roles = useMutation({
    mutationFn: (platform_roles: string[]) =>
      call<Account>('PATCH', `/users/${account.id}`, {
        body: { platform_roles },
        ifMatch: read.revision,
      }),
    onSuccess: () => toast.done(t('accounts.saved')),
    onError: toast.failed,
    onSettled: changed,
  })
  const enable = useMutation({
    mutationFn: () => call<Account>('POST', `/users/${account.id}/enable`),
    onSuccess: () => toast.done(t('accounts.enabled', { name: account.name })),
    onError: toast.failed,
    onSettled: changed,
  })
  const act = useMutation({
    mutationFn: async (which: Act) =>
      which === 'factor'
        ? await call<undefined>('DELETE', `/users/${account.id}/second-factor`)
        : await call<Ended>('POST', `/users/${account.id}/${which}`),
    onSuccess: (ended) =>
      toast.done(ended ? t('accounts.ended', { ...ended }) : t('accounts.factorReset')),
    onError: toast.failed,
    onSettled: () => {
      setAsking(null)
      changed()
    },
  })
  const button = (which: Act, permission: string, words: ReactNode) => (
    <ActionButton
      permission={permission}
      place="platform"
      disabled={own}
      onClick={() => setAsking(which)}
    >
      {words}
    </ActionButton>
  )
  return (
    <Drawer
      title={account.name}
      description={account.email}
      actions={
        <>
          {account.disabled_at ? (
            <ActionButton
              permission="user:write"
              place="platform"
              busy={enable.isPending}
              onClick={() => enable.mutate()}
            >
              {t('accounts.enable')}
            </ActionButton>
          ) : (
            button('disable', 'user:disable', t('accounts.disable'))
          )}
          {button('revoke', 'user:disable', t('accounts.revoke'))}
          {button('factor', 'user:write', t('accounts.resetFactor'))}
        </>
      }
      onClose={onClose}
    >
      <Facts
        facts={[
          {
            id: 'id',
            name: t('common.id'),
            value: (
              <span className="inline-flex items-center gap-1">
                <code className="wrap-anywhere font-mono text-xs">{account.id}</code>
                <CopyButton text={account.id} label={t('common.id')} />
              </span>
            ),
          },
          {
            id: 'created',
            name: t('keys.created'),
            value: fullTime(account.created_at, i18n.language),
          },
          {
            id: 'disabled',
            name: t('accounts.disabledAt'),
            value: account.disabled_at ? fullTime(account.disabled_at, i18n.language) : null,
          },
        ]}
      />
      <fieldset
        className="mt-6 space-y-2"
        disabled={!mayWrite || own || roles.isPending || !read.ready}
      >
        <legend className="mb-1.5 font-medium text-ink text-sm">
          {t('accounts.platformRoles')}
        </legend>
        {PLATFORM_ROLES.map((role) => (
          <label key={role} className="flex items-center gap-2.5 text-ink text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={account.platform_roles.includes(role)}
              onChange={(event) =>
                roles.mutate(
                  event.target.checked
                    ? [...account.platform_roles, role]
                    : account.platform_roles.filter((one) => one !== role),
                )
              }
            />
            {roleName(t, role)}
          </label>
        ))}
        {own ? <p className="text-ink-faint text-xs">{t('accounts.notYourself')}</p> : null}
      </fieldset>
      <Confirm
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={asking ? t(`accounts.ask.${asking}`, { name: account.name }) : ''}
        action={asking ? t(`accounts.${asking === 'factor' ? 'resetFactor' : asking}`) : ''}
        busy={act.isPending}
        onConfirm={() => asking && act.mutate(asking)}
      >
        <p>{asking ? t(`accounts.askText.${asking}`) : null}</p>
      </Confirm>
    </Drawer>
  )
}
