import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil, Plus, ShieldHalf, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { rolesQuery } from '@/api/people'
import type { Role } from '@/api/types'
import { EditingOfList } from '@/app/editing'
import { ActionButton, roleName } from '@/app/permission'
import { optionalText } from '@/i18n'
import { Card } from '@/ui/card'
import { Confirm } from '@/ui/confirm'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import { RoleDialog } from './RoleDialog'

/** The roles that can be given here, and what each permits. */
export function RolesTab({ orgId }: { orgId: string }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const roles = useQuery(rolesQuery(orgId))
  const [editing, setEditing] = useState<Role | 'new' | null>(null)
  const [removing, setRemoving] = useState<Role | null>(null)
  const remove = useMutation({
    mutationFn: (role: Role) => call('DELETE', `/organizations/${orgId}/roles/${role.name}`),
    onSuccess: (_, role) => toast.done(t('roles.removed', { role: role.name })),
    onError: toast.failed,
    onSettled: () => {
      setRemoving(null)
      void queries.invalidateQueries({ queryKey: rolesQuery(orgId).queryKey })
    },
  })
  const again = () => {
    setEditing(null)
    void roles.refetch()
  }
  if (roles.isError) return <Problem error={roles.error} onRetry={() => roles.refetch()} />
  if (roles.isPending) return <SkeletonRows />
  return (
    <>
      <div className="mb-3 flex justify-end">
        <ActionButton
          permission="role:write"
          place={{ orgId }}
          icon={<Plus aria-hidden />}
          onClick={() => setEditing('new')}
        >
          {t('roles.create')}
        </ActionButton>
      </div>
      <ul className="grid gap-3 lg:grid-cols-2 2xl:grid-cols-3">
        {roles.data.items.map((role) => (
          <li key={role.name} className="flex">
            <Card aria-label={roleName(t, role.name)} className="w-full p-4">
              <div className="flex flex-wrap items-center gap-2">
                <ShieldHalf aria-hidden className="size-4 text-ink-faint" />
                <h2 className="font-semibold text-base text-ink">{roleName(t, role.name)}</h2>
                <code className="font-mono text-ink-faint text-xs">{role.name}</code>
                {role.built_in ? (
                  <Badge className="ms-auto">{t('roles.builtIn')}</Badge>
                ) : (
                  <span className="ms-auto flex gap-1">
                    <ActionButton
                      permission="role:write"
                      place={{ orgId }}
                      size="icon-sm"
                      tone="ghost"
                      aria-label={t('roles.editNamed', { role: role.name })}
                      icon={<Pencil aria-hidden />}
                      onClick={() => setEditing(role)}
                    />
                    <ActionButton
                      permission="role:write"
                      place={{ orgId }}
                      size="icon-sm"
                      tone="ghost"
                      aria-label={t('roles.removeNamed', { role: role.name })}
                      icon={<Trash2 aria-hidden />}
                      onClick={() => setRemoving(role)}
                    />
                  </span>
                )}
              </div>
              <p className="mt-1.5 text-ink-soft text-sm">
                {optionalText(t, `roleTexts.${role.name}`) ?? role.description}
              </p>
              <p className="mt-2 flex flex-wrap gap-1">
                {role.permissions.map((permission) => (
                  <code
                    key={permission}
                    className="rounded bg-sunken px-1.5 py-0.5 font-mono text-2xs text-ink-soft"
                  >
                    {permission === '*' ? t('roles.everything') : permission}
                  </code>
                ))}
              </p>
            </Card>
          </li>
        ))}
      </ul>
      {editing ? (
        <EditingOfList onAgain={again}>
          <RoleDialog
            orgId={orgId}
            role={editing === 'new' ? null : editing}
            onClose={() => setEditing(null)}
          />
        </EditingOfList>
      ) : null}
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={t('roles.removeTitle', { role: removing?.name ?? '' })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing)}
      >
        <p>{t('roles.removeText')}</p>
      </Confirm>
    </>
  )
}
