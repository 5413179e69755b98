import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import { call } from '@/api/client'
import { sessionQuery } from '@/api/queries'
import type { Tagged } from '@/api/tagged'
import type { OrganizationSettings, ProjectSettings } from '@/api/types'
import { usePermits } from '@/app/permission'
import { formOf, limitsOf } from '@/format/limits'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { LimitsFields } from '@/ui/limits'
import { useToast } from '@/ui/toast'

interface ScopeDialogProps {
  kind: 'organization' | 'project'
  scope: Tagged<OrganizationSettings | ProjectSettings>
  place: Place
  /** What has to be read anew. */
  queryKey: QueryKey
  onClose: () => void
}

/** Name, limits and suspension of an organisation or a project. */
export function ScopeDialog({ kind, scope, place, queryKey, onClose }: ScopeDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const permits = usePermits()
  const mayName = permits(`${kind}:write`, place)
  const mayLimit = permits(`${kind}:limit`, place)
  const [name, setName] = useState(scope.name)
  const [limits, setLimits] = useState(formOf(scope.limits))
  const [userLimits, setUserLimits] = useState(formOf(scope.user_limits))
  const [suspended, setSuspended] = useState(scope.suspended)
  const changed = <T,>(before: T, after: T) => JSON.stringify(before) !== JSON.stringify(after)
  const save = useMutation({
    mutationFn: () =>
      call('PATCH', kind === 'project' ? `/projects/${scope.id}` : `/organizations/${scope.id}`, {
        // Only what was changed: each field may need a permission of its own.
        body: {
          ...(name.trim() === scope.name ? {} : { name: name.trim() }),
          ...(changed(formOf(scope.limits), limits) ? { limits: limitsOf(limits) } : {}),
          ...(changed(formOf(scope.user_limits), userLimits)
            ? { user_limits: limitsOf(userLimits) }
            : {}),
          ...(suspended === scope.suspended ? {} : { suspended }),
        },
        ifMatch: scope.revision,
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey })
      void queries.invalidateQueries({ queryKey: ['project'] })
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      toast.done(t('organization.saved', { name: name.trim() }))
      onClose()
    },
  })
  return (
    <FormDialog
      title={scope.name}
      description={t(`organization.edit.${kind}`)}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      disabled={!mayName && !mayLimit}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t('switcher.name')}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={80}
            disabled={!mayName}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <fieldset disabled={!mayLimit}>
        <legend className="mb-1 font-medium text-ink text-sm">{t('organization.limits')}</legend>
        <LimitsFields value={limits} onChange={setLimits} />
      </fieldset>
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('organization.userLimits')}
        </summary>
        <fieldset disabled={!mayLimit} className="pt-3">
          <legend className="sr-only">{t('organization.userLimits')}</legend>
          <LimitsFields value={userLimits} onChange={setUserLimits} />
        </fieldset>
      </details>
      <label className="flex gap-2.5 text-ink text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-(--accent)"
          disabled={!mayLimit && !mayName}
          checked={suspended}
          onChange={(event) => setSuspended(event.target.checked)}
        />
        <span>
          {t('organization.suspend')}
          <span className="block text-ink-faint text-xs">{t('organization.suspendText')}</span>
        </span>
      </label>
    </FormDialog>
  )
}
