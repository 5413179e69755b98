import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Channel } from '@/api/types'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { type ChannelForm, changeOf, creationOf, formOf, KINDS, signs } from './channel-form'
import { MailFields } from './MailFields'
import { MatcherRows } from './MatcherRows'
import { type OwnerId, pathOf } from './queries'
import { SEVERITIES } from './search'

const LANGUAGES = ['en', 'zh', 'both'] as const
const NUMBERS = [
  ['groupWaitS', 0, 3_600],
  ['groupIntervalS', 10, 86_400],
  ['repeatIntervalS', 300, 604_800],
] as const

interface ChannelDialogProps {
  owner: OwnerId
  /** `null` to make a new one. */
  channel: Channel | null
  onSaved?: (channel: Channel) => void
  onClose: () => void
}

/** Asks by which way people are told, and of what; what is secret is entered and never shown. */
export function ChannelDialog({ owner, channel, onSaved, onClose }: ChannelDialogProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [form, setForm] = useState(() => formOf(channel))
  const set = (next: Partial<ChannelForm>) => setForm((before) => ({ ...before, ...next }))
  const save = useMutation({
    mutationFn: () =>
      channel
        ? call<Channel>('PATCH', `/notification-channels/${channel.id}`, {
            body: changeOf(form, channel),
            ifMatch: channel.revision,
          })
        : call<Channel>('POST', pathOf(owner, 'notification-channels'), {
            body: creationOf(form),
          }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['channels'] })
      toast.done(t('channels.saved', { name: saved.name }))
      onClose()
      onSaved?.(saved)
    },
    // What was sent may hold the channel's keys.
    gcTime: 0,
  })
  return (
    <FormDialog
      title={channel ? channel.name : t('channels.create')}
      description={t('channels.text')}
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {channel ? null : (
          <Field label={t('channels.kind')}>
            {(control) => (
              <Select
                {...control}
                value={form.kind}
                onChange={(event) =>
                  set({ kind: KINDS.find((one) => one === event.target.value) ?? form.kind })
                }
              >
                {KINDS.map((one) => (
                  <option key={one} value={one}>
                    {t(`channels.kinds.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Field label={t('identity.name')} hint={t('objectives.nameHint')}>
          {(control) => (
            <Input
              {...control}
              required
              maxLength={63}
              pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
      </div>
      {form.kind === 'email' ? (
        <MailFields form={form} kept={channel?.email?.username != null} onChange={set} />
      ) : (
        <KeyFields form={form} channel={channel} onChange={set} />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('channels.minSeverity')}>
          {(control) => (
            <Select
              {...control}
              value={form.minSeverity}
              onChange={(event) =>
                set({ minSeverity: SEVERITIES.find((one) => one === event.target.value) ?? 'info' })
              }
            >
              {SEVERITIES.map((one) => (
                <option key={one} value={one}>
                  {t(`channels.from.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('channels.language')}>
          {(control) => (
            <Select
              {...control}
              value={form.language}
              onChange={(event) =>
                set({ language: LANGUAGES.find((one) => one === event.target.value) ?? 'en' })
              }
            >
              {LANGUAGES.map((one) => (
                <option key={one} value={one}>
                  {t(`channels.languages.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <MatcherRows
        rows={form.matchers}
        onChange={(matchers) => set({ matchers })}
        hint={t('channels.matchersHint')}
      />
      <details className="rounded-lg border border-line px-3.5 py-2.5">
        <summary className="cursor-pointer font-medium text-ink text-sm">
          {t('channels.often')}
        </summary>
        <div className="grid gap-4 pt-3 sm:grid-cols-2">
          <Field label={t('channels.groupBy')} hint={t('channels.groupByHint')}>
            {(control) => (
              <Input
                {...control}
                className="font-mono"
                value={form.groupBy}
                onChange={(event) => set({ groupBy: event.target.value })}
              />
            )}
          </Field>
          {NUMBERS.map(([name, least, most]) => (
            <Field key={name} label={t(`channels.${name}`)} hint={t(`channels.hints.${name}`)}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  required
                  min={least}
                  max={most}
                  className="tabular"
                  value={Number.isNaN(form[name]) ? '' : form[name]}
                  onChange={(event) => set({ [name]: event.target.valueAsNumber })}
                />
              )}
            </Field>
          ))}
        </div>
      </details>
      {(['sendResolved', 'enabled'] as const).map((name) => (
        <label key={name} className="flex items-center gap-2.5 text-ink text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={form[name]}
            onChange={(event) => set({ [name]: event.target.checked })}
          />
          {t(`channels.${name}`)}
        </label>
      ))}
    </FormDialog>
  )
}

interface KeyFieldsProps {
  form: ChannelForm
  channel: Channel | null
  onChange: (next: Partial<ChannelForm>) => void
}

/** The address and what signs messages: both are sealed at once and never shown again. */
function KeyFields({ form, channel, onChange }: KeyFieldsProps) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label={t('channels.url')}
        hint={
          channel
            ? t('channels.urlKept', { host: channel.host })
            : t(`channels.urlHints.${form.kind as 'slack'}`)
        }
      >
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            required={channel === null}
            maxLength={1_000}
            value={form.url}
            onChange={(event) => onChange({ url: event.target.value })}
          />
        )}
      </Field>
      {signs(form.kind) ? (
        <Field
          label={t('channels.secret')}
          hint={
            channel?.is_signed
              ? t('upstreams.credentialKept')
              : t(`channels.secretHints.${form.kind as 'webhook'}`)
          }
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              required={channel === null && form.kind === 'webhook'}
              maxLength={1_000}
              value={form.secret}
              onChange={(event) => onChange({ secret: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </div>
  )
}
