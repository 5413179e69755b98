import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { upstreamsQuery } from '@/api/queries'
import type { Tagged } from '@/api/tagged'
import type { ConnectionTest, NewUpstream, Upstream } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { BreakersSection } from './BreakersSection'
import { TestSection } from './preset/TestSection'

const PROTOCOLS = [
  'openai',
  'openai-responses',
  'anthropic',
  'gemini',
  'ollama',
  'bedrock',
] as const

const PHASES = ['connect_s', 'first_byte_s', 'idle_s', 'total_s'] as const

const EXAMPLE_ADDRESS = 'https://models.example.com'

const USUAL = { connect_s: 3, first_byte_s: 120, idle_s: 60, total_s: 900 }

interface UpstreamDialogProps {
  /** The upstream to change; `null` adds one. */
  upstream: Tagged<Upstream> | null
  servedBy?: string[]
  onRemove?: () => void
  onClose: () => void
}

/** How a server is reached. Its key is written and never read again. */
export function UpstreamDialog({
  upstream,
  servedBy = [],
  onRemove,
  onClose,
}: UpstreamDialogProps) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const mayWrite = usePermits()('upstream:write', 'platform')
  const [name, setName] = useState(upstream?.name ?? '')
  const [baseUrl, setBaseUrl] = useState(upstream?.base_url ?? '')
  const [protocol, setProtocol] = useState<(typeof PROTOCOLS)[number]>('openai')
  const [credential, setCredential] = useState('')
  const [forget, setForget] = useState(false)
  const [connections, setConnections] = useState(upstream?.max_connections ?? 256)
  const [waiting, setWaiting] = useState(upstream?.max_waiting ?? 1024)
  const [forced, setForced] = useState(upstream?.enforces_tool_choice ?? true)
  const [timeouts, setTimeouts] = useState({ ...USUAL, ...upstream?.timeouts })
  const save = useMutation({
    mutationFn: () => {
      const body: NewUpstream = {
        name: name.trim(),
        base_url: baseUrl.trim(),
        max_connections: connections,
        max_waiting: waiting,
        enforces_tool_choice: forced,
        timeouts,
        ...(credential ? { credential } : forget ? { credential: null } : {}),
      }
      return upstream
        ? call<Upstream>('PATCH', `/upstreams/${upstream.id}`, {
            body,
            ifMatch: upstream.revision,
          })
        : call<Upstream>('POST', '/upstreams', { body: { ...body, protocol } })
    },
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: upstreamsQuery.queryKey })
      toast.done(t('upstreams.saved', { name: saved.name }))
      onClose()
    },
    // What was sent may hold a vendor's key.
    gcTime: 0,
  })
  return (
    <FormDialog
      title={upstream ? upstream.name : t('upstreams.create')}
      description={
        servedBy.length > 0
          ? t('upstreams.serves', { models: new Intl.ListFormat(i18n.language).format(servedBy) })
          : t('upstreams.text')
      }
      action={t('common.save')}
      busy={save.isPending}
      error={save.error}
      disabled={!mayWrite}
      className="sm:max-w-2xl"
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <fieldset disabled={!mayWrite} className="space-y-4">
        <legend className="sr-only">{t('upstreams.text')}</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('upstreams.name')}>
            {(control) => (
              <Input
                {...control}
                required
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('upstreams.protocol')}>
            {(control) => (
              <Select
                {...control}
                disabled={upstream !== null}
                value={upstream?.protocol ?? protocol}
                onChange={(event) =>
                  setProtocol(PROTOCOLS.find((one) => one === event.target.value) ?? 'openai')
                }
              >
                {PROTOCOLS.map((one) => (
                  <option key={one} value={one}>
                    {t(`protocols.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Field label={t('upstreams.address')} hint={t('upstreams.addressHint')}>
          {(control) => (
            <Input
              {...control}
              type="url"
              required
              placeholder={EXAMPLE_ADDRESS}
              value={baseUrl}
              onChange={(event) => setBaseUrl(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('upstreams.credential')}
          hint={
            upstream?.has_credential ? t('upstreams.credentialKept') : t('upstreams.credentialHint')
          }
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              placeholder={upstream?.has_credential ? '••••••••' : ''}
              value={credential}
              onChange={(event) => setCredential(event.target.value)}
            />
          )}
        </Field>
        {upstream?.has_credential ? (
          <label className="flex items-center gap-2.5 text-ink text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={forget}
              disabled={credential !== ''}
              onChange={(event) => setForget(event.target.checked)}
            />
            {t('upstreams.forget')}
          </label>
        ) : null}
        <details className="rounded-lg border border-line px-3.5 py-2.5">
          <summary className="cursor-pointer font-medium text-ink text-sm">
            {t('upstreams.more')}
          </summary>
          <div className="grid gap-3 pt-3 sm:grid-cols-2">
            {PHASES.map((phase) => (
              <Field key={phase} label={t(`upstreams.timeouts.${phase}`)}>
                {(control) => (
                  <Input
                    {...control}
                    type="number"
                    min={0.1}
                    max={86_400}
                    step="any"
                    required
                    className="tabular"
                    value={timeouts[phase]}
                    onChange={(event) =>
                      setTimeouts({ ...timeouts, [phase]: event.target.valueAsNumber })
                    }
                  />
                )}
              </Field>
            ))}
            <Field label={t('upstreams.connections')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={65_536}
                  required
                  value={connections}
                  onChange={(event) => setConnections(event.target.valueAsNumber)}
                />
              )}
            </Field>
            <Field label={t('upstreams.waiting')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={65_536}
                  required
                  value={waiting}
                  onChange={(event) => setWaiting(event.target.valueAsNumber)}
                />
              )}
            </Field>
            <label className="flex items-center gap-2.5 text-ink text-sm sm:col-span-2">
              <input
                type="checkbox"
                className="size-4 accent-(--accent)"
                checked={forced}
                onChange={(event) => setForced(event.target.checked)}
              />
              {t('upstreams.forced')}
            </label>
          </div>
        </details>
      </fieldset>
      {upstream ? <BreakersSection upstreamId={upstream.id} /> : null}
      {upstream && mayWrite ? (
        <TestSection
          disabled={false}
          test={(callModel) =>
            call<ConnectionTest>('POST', `/upstreams/${upstream.id}/test`, {
              body: { call_model: callModel || null },
            })
          }
        />
      ) : null}
      {upstream && onRemove ? (
        <ActionButton
          permission="upstream:write"
          place="platform"
          size="sm"
          tone="ghost"
          icon={<Trash2 aria-hidden />}
          onClick={onRemove}
        >
          {t('upstreams.remove')}
        </ActionButton>
      ) : null}
    </FormDialog>
  )
}
