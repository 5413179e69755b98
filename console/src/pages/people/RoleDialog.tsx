import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { rolesQuery } from '@/api/people'
import type { Role } from '@/api/types'
import { permissionText, useKnownPermissions } from '@/app/permission'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { useToast } from '@/ui/toast'

interface RoleDialogProps {
  orgId: string
  /** The role to change; `null` makes a new one. */
  role: Role | null
  onClose: () => void
}

/** A role of the organisation's own: a name and the permissions it gives. */
export function RoleDialog({ orgId, role, onClose }: RoleDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const known = useKnownPermissions().filter(({ of_platform }) => !of_platform)
  const [name, setName] = useState(role?.name ?? '')
  const [description, setDescription] = useState(role?.description ?? '')
  const [given, setGiven] = useState<string[]>(role?.permissions ?? [])
  const save = useMutation({
    mutationFn: () =>
      role
        ? call<Role>('PATCH', `/organizations/${orgId}/roles/${role.name}`, {
            body: { description, permissions: given },
            ifMatch: role.revision ?? undefined,
          })
        : call<Role>('POST', `/organizations/${orgId}/roles`, {
            body: { name, description, permissions: given },
          }),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: rolesQuery(orgId).queryKey })
      void queries.invalidateQueries({ queryKey: ['access'] })
      toast.done(t('roles.saved', { role: saved.name }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={role ? t('roles.editNamed', { role: role.name }) : t('roles.create')}
      description={t('roles.text')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      disabled={given.length === 0}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {role ? null : (
        <Field label={t('roles.name')} hint={t('roles.nameHint')}>
          {(control) => (
            <Input
              {...control}
              required
              pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field label={t('groups.descriptionField')}>
        {(control) => (
          <Input
            {...control}
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      <fieldset>
        <legend className="mb-1.5 font-medium text-ink text-sm">{t('roles.permissions')}</legend>
        <div className="grid gap-x-4 sm:grid-cols-2">
          {known.map((permission) => (
            <label key={permission.name} className="flex gap-2.5 py-1 text-sm">
              <input
                type="checkbox"
                className="mt-0.5 size-4 shrink-0 accent-(--accent)"
                checked={given.includes(permission.name)}
                onChange={(event) =>
                  setGiven(
                    event.target.checked
                      ? [...given, permission.name]
                      : given.filter((one) => one !== permission.name),
                  )
                }
              />
              <span className="min-w-0">
                <code className="font-mono text-ink text-xs">{permission.name}</code>
                <span className="block text-ink-faint text-xs">
                  {permissionText(t, permission.name) ?? permission.description}
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
    </FormDialog>
  )
}
