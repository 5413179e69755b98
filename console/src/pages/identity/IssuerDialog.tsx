import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Tagged } from '@/api/tagged'
import type { TokenIssuer } from '@/api/types'
import type { Place } from '@/app/session'
import { SCOPES, USUAL_SCOPES, withChoice } from '@/format/scopes'
import { Button } from '@/ui/button'
import { Choices } from '@/ui/choices'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { changeOf, creationOf, formOf, type GrantRow, type IssuerForm } from './issuer-form'

const EXAMPLE_ISSUER = 'https://login.example.com'
const EXAMPLE_AUDIENCE = 'mainspring'

interface IssuerDialogProps {
  place: Place
  issuer: Tagged<TokenIssuer> | null
  onSaved: (issuer: TokenIssuer) => void
  onClose: () => void
}

/** Whose tokens the gateway believes, and what their bearers may do. */
export function IssuerDialog({ place, issuer, onSaved, onClose }: IssuerDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => formOf(issuer, place.project.id))
  const set = (changed: Partial<IssuerForm>) => setForm({ ...form, ...changed })
  const save = useMutation({
    mutationFn: () =>
      issuer
        ? call<TokenIssuer>('PATCH', `/token-issuers/${issuer.id}`, {
            body: changeOf(form),
            ifMatch: issuer.revision,
          })
        : call<TokenIssuer>('POST', `/organizations/${place.organization.id}/token-issuers`, {
            body: creationOf(form),
          }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['token-issuers'] })
      toast.done(t('issuers.saved', { name: saved.name }))
      onClose()
      onSaved(saved)
    },
  })
  const text = (name: Exclude<keyof IssuerForm, 'grants'>) => ({
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value }),
  })
  return (
    <FormDialog
      title={issuer ? issuer.name : t('issuers.create')}
      description={t('issuers.text')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {issuer ? null : (
          <>
            <Field label={t('identity.name')}>
              {(control) => <Input {...control} required maxLength={63} {...text('name')} />}
            </Field>
            <Field label={t('providers.issuer')} hint={t('issuers.issuerHint')}>
              {(control) => (
                <Input {...control} required placeholder={EXAMPLE_ISSUER} {...text('issuer')} />
              )}
            </Field>
          </>
        )}
        <Field label={t('issuers.audience')} hint={t('issuers.audienceHint')}>
          {(control) => (
            <Input {...control} required placeholder={EXAMPLE_AUDIENCE} {...text('audience')} />
          )}
        </Field>
        <Field label={t('issuers.jwks')} hint={t('issuers.jwksHint')}>
          {(control) => <Input {...control} type="url" {...text('jwksUri')} />}
        </Field>
      </div>
      <Grants place={place} grants={form.grants} onChange={(grants) => set({ grants })} />
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('issuers.claims')}
        </summary>
        <div className="grid gap-4 pt-3 sm:grid-cols-2">
          <Field label={t('issuers.userClaim')}>
            {(control) => <Input {...control} required {...text('userClaim')} />}
          </Field>
          <Field label={t('providers.groupsClaim')} hint={t('providers.groupsClaimHint')}>
            {(control) => <Input {...control} required {...text('groupsClaim')} />}
          </Field>
          <Field label={t('issuers.scopeClaim')} hint={t('issuers.scopeClaimHint')}>
            {(control) => <Input {...control} {...text('scopeClaim')} />}
          </Field>
          <Field label={t('issuers.projectClaim')} hint={t('issuers.projectClaimHint')}>
            {(control) => <Input {...control} {...text('projectClaim')} />}
          </Field>
        </div>
      </details>
    </FormDialog>
  )
}

interface GrantsProps {
  place: Place
  grants: GrantRow[]
  onChange: (grants: GrantRow[]) => void
}

function Grants({ place, grants, onChange }: GrantsProps) {
  const { t } = useTranslation()
  const { projects } = place.organization
  const change = (row: number, changed: Partial<GrantRow>) =>
    onChange(grants.map((grant) => (grant.row === row ? { ...grant, ...changed } : grant)))
  return (
    <fieldset className="space-y-3">
      <legend className="mb-1 font-medium text-ink text-sm">{t('issuers.grants')}</legend>
      {grants.map((grant, index) => (
        <div key={grant.row} className="space-y-3 rounded-lg border border-line p-3">
          <div className="flex flex-wrap gap-2">
            <Input
              aria-label={t('providers.groupOf', { place: index + 1 })}
              placeholder={t('issuers.everyBearer')}
              className="min-w-36 flex-1"
              value={grant.group}
              onChange={(event) => change(grant.row, { group: event.target.value })}
            />
            <Select
              aria-label={t('issuers.projectOf', { place: index + 1 })}
              value={grant.projectId}
              onChange={(event) => change(grant.row, { projectId: event.target.value })}
            >
              {projects.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
            <Button
              tone="ghost"
              size="icon"
              aria-label={t('issuers.dropGrant', { place: index + 1 })}
              onClick={() => onChange(grants.filter(({ row }) => row !== grant.row))}
            >
              <X aria-hidden />
            </Button>
          </div>
          <Choices
            legend={t('keys.scopes')}
            options={SCOPES.map((scope) => ({ value: scope, label: scope }))}
            chosen={grant.scopes}
            onChange={(scope, on) =>
              change(grant.row, { scopes: withChoice(grant.scopes, scope, on, SCOPES) })
            }
          />
        </div>
      ))}
      <Button
        size="sm"
        icon={<Plus aria-hidden />}
        onClick={() =>
          onChange([
            ...grants,
            {
              row: Math.max(-1, ...grants.map(({ row }) => row)) + 1,
              projectId: place.project.id,
              group: '',
              scopes: USUAL_SCOPES,
              models: null,
            },
          ])
        }
      >
        {t('issuers.addGrant')}
      </Button>
    </fieldset>
  )
}
