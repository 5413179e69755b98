import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, Search, UserCog } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { usersQuery } from '@/api/people'
import type { Account } from '@/api/types'
import { ActionButton, Permitted, roleName } from '@/app/permission'
import { dateOf } from '@/format/time'
import { PasswordField } from '@/pages/setup/PasswordField'
import { Empty } from '@/ui/empty'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { ListCard } from '@/ui/list-card'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import type { VirtualColumn } from '@/ui/virtual-table'
import { AccountDrawer } from './AccountDrawer'

/** Every account of the platform, whichever organisation it belongs to. */
export function AccountsTab() {
  return (
    <Permitted permission="user:read" place="platform">
      <Accounts />
    </Permitted>
  )
}

function Accounts() {
  const { t, i18n } = useTranslation()
  const [email, setEmail] = useState<string | undefined>()
  const [open, setOpen] = useState<string | null>(null)
  const [creating, setCreating] = useState(false)
  const users = useInfiniteQuery(usersQuery(email))
  const rows = useMemo(() => users.data?.pages.flatMap(({ items }) => items), [users.data])
  const account = rows?.find(({ id }) => id === open)
  const columns: VirtualColumn<Account>[] = [
    {
      id: 'name',
      header: t('people.name'),
      opens: true,
      cell: (one) => (
        <span className="font-medium text-ink">
          {one.name}
          <span className="ms-2 font-normal text-ink-faint">{one.email}</span>
        </span>
      ),
    },
    {
      id: 'roles',
      header: t('accounts.platformRoles'),
      width: 'w-64',
      from: 'md',
      cell: (one) => (
        <span className="flex gap-1 overflow-hidden">
          {one.platform_roles.map((role) => (
            <Badge key={role} tone="accent">
              {roleName(t, role)}
            </Badge>
          ))}
          {one.platform_roles.length === 0 ? t('common.none') : null}
        </span>
      ),
    },
    {
      id: 'state',
      header: t('keys.state'),
      width: 'w-28',
      cell: (one) => (
        <Badge tone={one.disabled_at ? 'bad' : 'ok'} dot>
          {one.disabled_at ? t('people.disabled') : t('accounts.active')}
        </Badge>
      ),
    },
    {
      id: 'created',
      header: t('keys.created'),
      width: 'w-36',
      from: 'lg',
      cell: (one) => <span className="text-ink-soft">{dateOf(one.created_at, i18n.language)}</span>,
    },
  ]
  return (
    <>
      <ListCard
        title={t('people.tabs.accounts')}
        actions={
          <>
            <form
              className="relative max-sm:w-40"
              onSubmit={(event) => {
                event.preventDefault()
                const written = new FormData(event.currentTarget).get('email')
                setEmail(String(written ?? '').trim() || undefined)
              }}
            >
              <Search
                aria-hidden
                className="pointer-events-none absolute start-3 top-2.5 size-4 text-ink-faint"
              />
              <Input
                type="search"
                name="email"
                className="ps-9"
                aria-label={t('accounts.byEmail')}
                placeholder={t('accounts.byEmail')}
              />
            </form>
            <ActionButton
              permission="user:write"
              place="platform"
              tone="primary"
              icon={<Plus aria-hidden />}
              onClick={() => setCreating(true)}
            >
              {t('accounts.create')}
            </ActionButton>
          </>
        }
        list={users}
        rows={rows}
        columns={columns}
        rowId={(one) => one.id}
        onOpen={(one) => setOpen(one.id)}
        empty={
          <Empty icon={UserCog} title={t('accounts.noneTitle')}>
            {t('accounts.noneText')}
          </Empty>
        }
      />
      {account ? <AccountDrawer account={account} onClose={() => setOpen(null)} /> : null}
      {creating ? <NewAccount onClose={() => setCreating(false)} /> : null}
    </>
  )
}

function NewAccount({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const create = useMutation({
    mutationFn: () =>
      call<Account>('POST', '/users', {
        body: { name: name.trim(), email: email.trim(), password, language: i18n.language },
      }),
    onSuccess: (account) => {
      void queries.invalidateQueries({ queryKey: ['users'] })
      toast.done(t('accounts.created', { name: account.name }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('accounts.create')}
      description={t('accounts.createText')}
      action={t('accounts.create')}
      busy={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <Field label={t('people.name')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('setup.email')}>
        {(control) => (
          <Input
            {...control}
            type="email"
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
        error={undefined}
      />
    </FormDialog>
  )
}
