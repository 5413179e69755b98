import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { modelsQuery } from '@/api/queries'
import type { CallComparison, CallSide, FullCall } from '@/api/types'
import { money } from '@/format/money'
import { count, duration } from '@/format/number'
import { Field, Input, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { Badge } from '@/ui/status'
import { pretty } from './messages'
import { callQuery } from './queries'
import { formOf, replayBody, type Stretch, wordsApart } from './replay-form'

/** Makes a call again with another model or other parameters, and shows both answers. */
export function ReplayDialog({ call: one, onClose }: { call: FullCall; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [form, setForm] = useState(() => formOf(one))
  const models = useQuery(modelsQuery(one.org_id)).data?.items.map(({ name }) => name) ?? []
  const body = replayBody(one, form)
  const replay = useMutation({
    mutationFn: () => call<CallComparison>('POST', `/calls/${one.id}/replay`, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: callQuery(one.id).queryKey }),
  })
  const set = (changes: Partial<typeof form>) => setForm((before) => ({ ...before, ...changes }))
  return (
    <FormDialog
      title={t('replay.title')}
      description={t('replay.text')}
      action={t('replay.action')}
      busy={replay.isPending}
      error={replay.error}
      disabled={body === null}
      className="sm:max-w-4xl"
      onSubmit={() => replay.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t('replay.model')}>
          {(control) => (
            <Select
              {...control}
              value={form.model}
              onChange={(event) => set({ model: event.target.value })}
            >
              {[...new Set([one.model, ...models])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('replay.temperature')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              max={2}
              step="any"
              value={form.temperature}
              onChange={(event) => set({ temperature: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('replay.maxTokens')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={1}
              step={1}
              value={form.maxTokens}
              onChange={(event) => set({ maxTokens: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label={t('replay.more')}
        hint={t('replay.moreHint')}
        error={body === null ? t('replay.noJson') : undefined}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            className="font-mono text-xs"
            value={form.more}
            onChange={(event) => set({ more: event.target.value })}
          />
        )}
      </Field>
      {replay.data ? <Result result={replay.data} /> : null}
    </FormDialog>
  )
}

function Result({ result }: { result: CallComparison }) {
  const { t } = useTranslation()
  const { before, after } = result
  const [left, right] = wordsApart(saidBy(before), saidBy(after))
  const same = result.same_text && result.same_tool_calls
  return (
    <section aria-label={t('replay.result')} data-replayed={result.replay.replay_request_id}>
      <p className="mb-3">
        <Badge tone={same ? 'ok' : 'warn'}>{t(same ? 'replay.same' : 'replay.different')}</Badge>
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <SideView
          name={t('replay.before')}
          side={before}
          said={left}
          mark="bg-bad-soft text-bad-ink"
        />
        <SideView
          name={t('replay.after')}
          side={after}
          said={right}
          mark="bg-ok-soft text-ok-ink"
        />
      </div>
    </section>
  )
}

interface SideViewProps {
  name: string
  side: CallSide
  said: Stretch[]
  mark: string
}

function SideView({ name, side, said, mark }: SideViewProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const figures = [
    side.finish_reason,
    side.input_tokens === null || side.output_tokens === null
      ? null
      : t('requests.tokenFlow', {
          input: count(side.input_tokens, language),
          output: count(side.output_tokens, language),
        }),
    side.cost_nanos === null || !side.currency
      ? null
      : money(side.cost_nanos, side.currency, language),
    side.duration_ms === null ? null : duration(side.duration_ms, language),
  ]
  return (
    <article className="min-w-0 rounded-xl border border-line bg-surface px-4 py-3">
      <h3 className="font-medium text-ink-faint text-xs">{name}</h3>
      <p className="mt-1 flex flex-wrap items-center gap-2 font-medium text-ink text-sm">
        <span className="wrap-anywhere">{side.model}</span>
        {side.status >= 400 ? <Badge tone="bad">{side.status}</Badge> : null}
      </p>
      <p className="tabular mt-0.5 text-ink-soft text-xs">{figures.filter(Boolean).join(' · ')}</p>
      <div className="wrap-anywhere mt-3 max-h-80 overflow-y-auto whitespace-pre-wrap text-ink text-sm">
        {said.length === 0 ? t('replay.nothing') : null}
        {said.map((stretch, index) =>
          stretch.same ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a comparison does not change
            <span key={index}>{stretch.text}</span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <mark key={index} className={`rounded ${mark}`}>
              {stretch.text}
            </mark>
          ),
        )}
      </div>
    </article>
  )
}

/** What an answer says: its words and the tools it wants, or all of it. */
function saidBy(side: CallSide): string {
  if (side.text === null) return side.answer === null ? '' : pretty(side.answer)
  const calls = side.tool_calls.length > 0 ? pretty(side.tool_calls) : ''
  return [side.text || side.refusal, calls].filter(Boolean).join('\n')
}
