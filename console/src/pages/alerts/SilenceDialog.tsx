import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Matcher, Silence } from '@/api/types'
import { localMoment, momentOf } from '@/format/range'
import { spanOf, zoneName } from '@/format/time'
import { Field, Input, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { MatcherRows } from './MatcherRows'
import { allMeet, isTooWide, matchersOf, rowsOf } from './matching'
import { firingQuery, type OwnerId, pathOf } from './queries'

const HOUR_S = 3_600
/** How long people usually want quiet, in seconds. */
const SPANS = [HOUR_S, 2 * HOUR_S, 8 * HOUR_S, 24 * HOUR_S, 72 * HOUR_S, 168 * HOUR_S] as const
const OWN = 'own'

interface SilenceDialogProps {
  owner: OwnerId
  /** What it begins with. */
  matchers: Matcher[]
  onClose: () => void
}

/** Asks which alerts nobody wants to hear of, for how long, and why. */
export function SilenceDialog({ owner, matchers, onClose }: SilenceDialogProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const [rows, setRows] = useState(() =>
    rowsOf(matchers.length > 0 ? matchers : [{ label: 'alertname', value: '' }]),
  )
  const [span, setSpan] = useState<string>(String(2 * HOUR_S))
  const [moment, setMoment] = useState(() =>
    localMoment(new Date(Date.now() + 24 * HOUR_S * 1000).toISOString()),
  )
  const [reason, setReason] = useState('')
  const firing = useQuery(firingQuery(owner))
  const said = matchersOf(rows)
  const wide = isTooWide(said)
  const touched = (firing.data?.items ?? []).filter((alert) => allMeet(said, alert)).length
  const until = () =>
    span === OWN ? momentOf(moment) : new Date(Date.now() + Number(span) * 1000).toISOString()
  const create = useMutation({
    mutationFn: () =>
      call<Silence>('POST', pathOf(owner, 'silences'), {
        body: { matchers: said, until: until(), reason: reason.trim() },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['silences'] })
      toast.done(t('silences.created'))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('silences.create')}
      description={t('silences.text')}
      action={t('silences.silence')}
      busy={create.isPending}
      error={create.error}
      disabled={wide || until() === undefined}
      onSubmit={() => create.mutate()}
      onClose={onClose}
      className="sm:max-w-2xl"
    >
      <MatcherRows rows={rows} onChange={setRows} hint={t('silences.matchersHint')} />
      <p role="status" data-touched={wide ? '' : touched} className="text-ink-soft text-sm">
        {wide ? t('silences.tooWide') : t('silences.touches', { count: touched })}
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('silences.for')}>
          {(control) => (
            <Select {...control} value={span} onChange={(event) => setSpan(event.target.value)}>
              {SPANS.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {spanOf(seconds, language)}
                </option>
              ))}
              <option value={OWN}>{t('keys.ownMoment')}</option>
            </Select>
          )}
        </Field>
        {span === OWN ? (
          <Field label={`${t('silences.until')} (${zoneName(language)})`}>
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                required
                value={moment}
                onChange={(event) => setMoment(event.target.value)}
              />
            )}
          </Field>
        ) : null}
      </div>
      <Field label={t('silences.reason')} hint={t('silences.reasonHint')}>
        {(control) => (
          <Textarea
            {...control}
            required
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  )
}
