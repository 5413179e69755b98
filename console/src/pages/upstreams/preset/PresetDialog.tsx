import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { upstreamsQuery } from '@/api/queries'
import type { ConnectionTest, Preset, PresetUpstream, UpstreamDraft } from '@/api/types'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import {
  addressOf,
  createBody,
  draftBody,
  isComplete,
  type PresetForm,
  spoken,
  startOf,
  testBody,
} from './form'
import { TestSection } from './TestSection'

interface PresetDialogProps {
  preset: Preset
  /** It stands; these are the models that the test has seen there. */
  onSaved: (upstream: PresetUpstream, models: string[]) => void
  onClose: () => void
}

/** An upstream of a vendor that is known: what is left to fill in, a test, and it stands. */
export function PresetDialog({ preset, onSaved, onClose }: PresetDialogProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => startOf(preset))
  const set = (changed: Partial<PresetForm>) => setForm({ ...form, ...changed })
  const [seen, setSeen] = useState<string[]>([])
  const save = useMutation({
    mutationFn: () =>
      call<PresetUpstream>('POST', `/upstream-presets/${preset.id}/upstreams`, {
        body: createBody(form),
      }),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: upstreamsQuery.queryKey })
      toast.done(t('upstreams.saved', { name: saved.name }))
      onSaved(saved, seen)
    },
    // What was sent may hold a vendor's key.
    gcTime: 0,
  })
  const complete = isComplete(preset, form)
  return (
    <FormDialog
      title={spoken(preset.title, language)}
      description={spoken(preset.notes, language)}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      disabled={!complete}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('upstreams.name')}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={120}
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        {preset.endpoints.length > 1 ? (
          <Field label={t('presets.endpoint')}>
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={form.endpoint}
                onChange={(event) => set({ endpoint: event.target.value })}
              >
                {preset.endpoints.map((endpoint) => (
                  <option key={endpoint.name} value={endpoint.name}>
                    {spoken(endpoint.title, language)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        ) : null}
        {preset.variables.map((variable) => (
          <Field
            key={variable.name}
            label={
              <span className="inline-block first-letter:uppercase">
                {spoken(variable.title, language)}
              </span>
            }
          >
            {(control) => (
              <Input
                {...control}
                required
                placeholder={variable.example}
                value={form.values[variable.name] ?? ''}
                onChange={(event) =>
                  set({ values: { ...form.values, [variable.name]: event.target.value } })
                }
              />
            )}
          </Field>
        ))}
      </div>
      <p className="text-ink-soft text-xs">
        {t('upstreams.address')}
        {t('common.colon')}
        <code data-address className="wrap-anywhere font-mono text-ink">
          {addressOf(preset, form)}
        </code>
      </p>
      {preset.credential ? (
        <Field
          label={t('upstreams.credential')}
          hint={`${spoken(preset.credential, language)} ${t('presets.sealed')}`}
          aside={
            <a
              href={preset.docs}
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1 rounded text-accent-ink text-xs underline underline-offset-2"
            >
              {t('presets.docs')}
              <ExternalLink aria-hidden className="size-3" />
            </a>
          }
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              required={preset.credential_required}
              value={form.credential}
              onChange={(event) => set({ credential: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      <TestSection
        disabled={!complete}
        test={async (callModel) => {
          const draft = await call<UpstreamDraft>('POST', `/upstream-presets/${preset.id}/draft`, {
            body: draftBody(form),
          })
          return call<ConnectionTest>('POST', '/upstreams/test', {
            body: testBody(draft, form, callModel),
          })
        }}
        onResult={({ models }) => setSeen(models)}
      />
    </FormDialog>
  )
}
