import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { modelsQuery } from '@/api/queries'
import { SCOPES, type Scope, withChoice } from '@/format/scopes'
import { Choices } from '@/ui/choices'

interface KeyModelsProps {
  organizationId: string
  /** `null`: all models of the project. */
  allowed: string[] | null
  onChange: (allowed: string[] | null) => void
}

/** Which models a key may call. */
export function KeyModels({ organizationId, allowed, onChange }: KeyModelsProps) {
  const { t } = useTranslation()
  const { data: models } = useQuery(modelsQuery(organizationId))
  const names = new Set([...(models?.items.map(({ name }) => name) ?? []), ...(allowed ?? [])])
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 font-medium text-ink text-sm">{t('keys.models')}</legend>
      <label className="flex items-center gap-2.5 text-ink text-sm">
        <input
          type="checkbox"
          className="size-4 accent-(--accent)"
          checked={allowed === null}
          onChange={(event) => onChange(event.target.checked ? null : [])}
        />
        {t('keys.allModels')}
      </label>
      {allowed
        ? [...names].map((name) => (
            <label key={name} className="flex items-center gap-2.5 ps-6 text-ink text-sm">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={allowed.includes(name)}
                onChange={(event) =>
                  onChange(
                    event.target.checked
                      ? [...allowed, name]
                      : allowed.filter((one) => one !== name),
                  )
                }
              />
              {name}
            </label>
          ))
        : null}
    </fieldset>
  )
}

interface KeyScopesProps {
  scopes: Scope[]
  onChange: (scopes: Scope[]) => void
}

/** What a key may be used for; the first says: any call of a model. */
export function KeyScopes({ scopes, onChange }: KeyScopesProps) {
  const { t } = useTranslation()
  return (
    <details className="rounded-lg border border-line px-3.5 py-2.5">
      <summary className="cursor-pointer font-medium text-ink text-sm">
        {t('keys.scopes')}
        {t('common.colon')}
        <span className="font-mono font-normal text-ink-soft text-xs">{scopes.join(', ')}</span>
      </summary>
      <div className="pt-3">
        <Choices
          legend={<span className="sr-only">{t('keys.scopes')}</span>}
          options={SCOPES.map((scope) => ({ value: scope, label: scope }))}
          chosen={scopes}
          onChange={(scope, on) => onChange(withChoice(scopes, scope, on, SCOPES))}
        />
        <p className="mt-2 text-ink-faint text-xs">{t('keys.scopesHint')}</p>
      </div>
    </details>
  )
}
