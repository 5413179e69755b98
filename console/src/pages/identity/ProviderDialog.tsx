import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Tagged } from '@/api/tagged'
import type { IdentityProvider } from '@/api/types'
import { roleName } from '@/app/permission'
import { useSession } from '@/app/session'
import { RoleSelect } from '@/pages/people/RoleSelect'
import { Button } from '@/ui/button'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { changeOf, creationOf, formOf, type ProviderForm, type RuleRow } from './provider-form'
import { providersPath } from './queries'

const EXAMPLE_ISSUER = 'https://login.example.com'
const EXAMPLE_DOMAINS = 'example.com'
const PLATFORM_ROLES = ['platform_admin', 'security', 'finance'] as const

interface ProviderDialogProps {
  /** Whose it is; `null`: the platform's. */
  orgId: string | null
  provider: Tagged<IdentityProvider> | null
  onSaved: (provider: IdentityProvider) => void
  onClose: () => void
}

/** How people sign in by a provider, and what its groups are here. */
export function ProviderDialog({ orgId, provider, onSaved, onClose }: ProviderDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => formOf(provider))
  const set = (changed: Partial<ProviderForm>) => setForm({ ...form, ...changed })
  const save = useMutation({
    mutationFn: () =>
      provider
        ? call<IdentityProvider>('PATCH', `/identity-providers/${provider.id}`, {
            body: changeOf(form),
            ifMatch: provider.revision,
          })
        : call<IdentityProvider>('POST', providersPath(orgId), { body: creationOf(form) }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['providers'] })
      toast.done(t('providers.saved', { name: saved.display_name }))
      onClose()
      onSaved(saved)
    },
    // What was sent may hold the provider's secret.
    gcTime: 0,
  })
  type Text = 'name' | 'displayName' | 'issuer' | 'clientId' | 'scopes' | 'domains' | 'groupsClaim'
  const text = (name: Text) => ({
    value: form[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [name]: event.target.value }),
  })
  return (
    <FormDialog
      title={provider ? provider.display_name : t('providers.create')}
      description={t('providers.text')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {provider ? null : (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('identity.name')} hint={t('roles.nameHint')}>
            {(control) => <Input {...control} required maxLength={63} {...text('name')} />}
          </Field>
          <Field label={t('providers.issuer')} hint={t('providers.issuerHint')}>
            {(control) => (
              <Input
                {...control}
                type="url"
                required
                placeholder={EXAMPLE_ISSUER}
                {...text('issuer')}
              />
            )}
          </Field>
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('providers.displayName')} hint={t('providers.displayNameHint')}>
          {(control) => <Input {...control} maxLength={120} {...text('displayName')} />}
        </Field>
        <Field label={t('providers.domains')} hint={t('providers.domainsHint')}>
          {(control) => (
            <Input
              {...control}
              required={orgId !== null}
              placeholder={EXAMPLE_DOMAINS}
              {...text('domains')}
            />
          )}
        </Field>
        <Field label={t('providers.clientId')}>
          {(control) => <Input {...control} required maxLength={256} {...text('clientId')} />}
        </Field>
        <Field
          label={t('providers.secret')}
          hint={t(provider?.has_secret ? 'upstreams.credentialKept' : 'providers.secretHint')}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              value={form.secret}
              onChange={(event) => set({ secret: event.target.value })}
            />
          )}
        </Field>
      </div>
      <RuleRows orgId={orgId} rules={form.rules} onChange={(rules) => set({ rules })} />
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('identity.more')}
        </summary>
        <div className="grid gap-4 pt-3 sm:grid-cols-2">
          <Field label={t('keys.scopes')}>
            {(control) => <Input {...control} required {...text('scopes')} />}
          </Field>
          <Field label={t('providers.groupsClaim')} hint={t('providers.groupsClaimHint')}>
            {(control) => <Input {...control} required {...text('groupsClaim')} />}
          </Field>
          <Field label={t('providers.sessionHours')}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                required
                className="tabular"
                value={form.sessionHours}
                onChange={(event) => set({ sessionHours: event.target.valueAsNumber })}
              />
            )}
          </Field>
          <div className="space-y-2 sm:col-span-2">
            {(['createsAccounts', 'linksByEmail', 'enabled'] as const).map((name) => (
              <label key={name} className="flex items-center gap-2.5 text-ink text-sm">
                <input
                  type="checkbox"
                  className="size-4 accent-(--accent)"
                  checked={form[name]}
                  onChange={(event) => set({ [name]: event.target.checked })}
                />
                {t(`providers.${name}`)}
              </label>
            ))}
          </div>
        </div>
      </details>
    </FormDialog>
  )
}

interface RuleRowsProps {
  orgId: string | null
  rules: RuleRow[]
  onChange: (rules: RuleRow[]) => void
}

function RuleRows({ orgId, rules, onChange }: RuleRowsProps) {
  const { t } = useTranslation()
  const { organizations } = useSession()
  const change = (row: number, changed: Partial<RuleRow>) =>
    onChange(rules.map((rule) => (rule.row === row ? { ...rule, ...changed } : rule)))
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 font-medium text-ink text-sm">{t('providers.mapping')}</legend>
      <p className="text-ink-faint text-xs">{t('providers.mappingHint')}</p>
      {rules.map((rule, place) => {
        const where = rule.orgId || orgId
        return (
          <div key={rule.row} className="flex flex-wrap gap-2 rounded-lg border border-line p-2">
            <Input
              aria-label={t('providers.groupOf', { place: place + 1 })}
              placeholder={t('providers.everybody')}
              className="min-w-36 flex-1"
              value={rule.group}
              onChange={(event) => change(rule.row, { group: event.target.value })}
            />
            {orgId === null ? (
              <Select
                aria-label={t('providers.whereOf', { place: place + 1 })}
                value={rule.orgId}
                onChange={(event) =>
                  change(rule.row, {
                    orgId: event.target.value,
                    role: event.target.value ? 'guest' : 'security',
                  })
                }
              >
                <option value="">{t('explain.platform')}</option>
                {organizations.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            ) : null}
            {where ? (
              <RoleSelect
                orgId={where}
                level="organization"
                label={t('providers.roleOf', { place: place + 1 })}
                value={rule.role}
                onChange={(role) => change(rule.row, { role })}
              />
            ) : (
              <Select
                aria-label={t('providers.roleOf', { place: place + 1 })}
                value={rule.role}
                onChange={(event) => change(rule.row, { role: event.target.value })}
              >
                {PLATFORM_ROLES.map((role) => (
                  <option key={role} value={role}>
                    {roleName(t, role)}
                  </option>
                ))}
              </Select>
            )}
            <Button
              tone="ghost"
              size="icon"
              aria-label={t('providers.dropRule', { place: place + 1 })}
              onClick={() => onChange(rules.filter(({ row }) => row !== rule.row))}
            >
              <X aria-hidden />
            </Button>
          </div>
        )
      })}
      <Button
        size="sm"
        icon={<Plus aria-hidden />}
        onClick={() =>
          onChange([
            ...rules,
            {
              row: Math.max(-1, ...rules.map(({ row }) => row)) + 1,
              group: '',
              role: orgId ? 'guest' : 'security',
              orgId: '',
            },
          ])
        }
      >
        {t('providers.addRule')}
      </Button>
    </fieldset>
  )
}
