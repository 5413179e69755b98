import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { CreatedServiceAccount, NewServiceAccount } from '@/api/types'
import type { Place } from '@/app/session'
import { limitsOf, NO_LIMITS } from '@/format/limits'
import { SCOPES, USUAL_SCOPES, withChoice } from '@/format/scopes'
import { Choices } from '@/ui/choices'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { LimitsFields } from '@/ui/limits'
import { AccountSecretDialog } from './AccountSecret'

/** Makes the account of a machine, then shows its first secret: here and never again. */
export function NewAccountDialog({ place, onClose }: { place: Place; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const orgId = place.organization.id
  const projects = place.organization.projects.map(({ id }) => id)
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState([place.project.id])
  const [scopes, setScopes] = useState(USUAL_SCOPES)
  const [lifetime, setLifetime] = useState(10)
  const [limits, setLimits] = useState(NO_LIMITS)
  const create = useMutation({
    mutationFn: () => {
      const body: NewServiceAccount = {
        name: name.trim(),
        project_ids: chosen,
        scopes,
        token_lifetime_s: lifetime * 60,
        limits: limitsOf(limits),
      }
      return call<CreatedServiceAccount>('POST', `/organizations/${orgId}/service-accounts`, {
        body,
      })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service-accounts'] }),
    // The secret must not outlive this dialog in any cache.
    gcTime: 0,
  })
  if (create.data) {
    return (
      <AccountSecretDialog
        clientId={create.data.id}
        secret={create.data.secret}
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      title={t('serviceAccounts.create')}
      description={t('serviceAccounts.text')}
      action={t('serviceAccounts.create')}
      busy={create.isPending}
      error={create.error}
      disabled={chosen.length === 0 || scopes.length === 0}
      className="sm:max-w-xl"
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-[1fr_11rem]">
        <Field label={t('identity.name')} hint={t('serviceAccounts.nameHint')}>
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
        <Field label={t('serviceAccounts.lifetime')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              max={60}
              required
              className="tabular"
              value={lifetime}
              onChange={(event) => setLifetime(event.target.valueAsNumber)}
            />
          )}
        </Field>
      </div>
      <Choices
        legend={t('organization.projects')}
        options={place.organization.projects.map(({ id, name: label }) => ({ value: id, label }))}
        chosen={chosen}
        onChange={(id, on) => setChosen(withChoice(chosen, id, on, projects))}
      />
      <Choices
        legend={t('keys.scopes')}
        options={SCOPES.map((scope) => ({ value: scope, label: scope }))}
        chosen={scopes}
        onChange={(scope, on) => setScopes(withChoice(scopes, scope, on, SCOPES))}
      />
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('limits.title')}
        </summary>
        <div className="pt-3">
          <LimitsFields value={limits} onChange={setLimits} />
        </div>
      </details>
    </FormDialog>
  )
}
