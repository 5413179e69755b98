import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccessRequest, NewAccessRequest } from '@/api/types'
import type { Place } from '@/app/session'
import { limitsOf, NO_LIMITS } from '@/format/limits'
import { money } from '@/format/money'
import { Field, Input, Textarea } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { LimitsFields } from '@/ui/limits'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import { DATA_CLASSES, type DataClass } from './data-classes'
import { entryQuery } from './queries'
import { expectedCost } from './specification'

const TIMES_DAYS = [30, 90, 365] as const

interface AskDialogProps {
  modelId: string
  place: Place
  onAsked: (request: AccessRequest) => void
  onClose: () => void
}

/** Asks for a model: what for, for how long, for how much; the rules say who must agree. */
export function AskDialog({ modelId, place, onAsked, onClose }: AskDialogProps) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const { data: entry } = useQuery(entryQuery(modelId))
  const [purpose, setPurpose] = useState('')
  const [dataClass, setDataClass] = useState<DataClass>('internal')
  const [days, setDays] = useState<number | null>(90)
  const [tokens, setTokens] = useState('')
  const [limits, setLimits] = useState(NO_LIMITS)
  const volume = tokens ? Number(tokens) : null
  const cost = expectedCost(volume, entry?.price ?? null)
  const ask = useMutation({
    mutationFn: () => {
      const body: NewAccessRequest = {
        model_id: modelId,
        purpose: purpose.trim(),
        data_class: dataClass,
        days,
        tokens_per_month: volume,
        limits: limitsOf(limits),
      }
      return call<AccessRequest>('POST', `/projects/${place.project.id}/access-requests`, { body })
    },
    onSuccess: (request) => {
      void queries.invalidateQueries({ queryKey: ['access-requests'] })
      toast.done(
        t(request.state === 'active' ? 'accessRequests.grantedAtOnce' : 'accessRequests.asked', {
          model: request.model,
        }),
      )
      onAsked(request)
    },
  })
  return (
    <FormDialog
      title={t('catalog.askTitle', { model: entry?.name ?? '…' })}
      description={t('catalog.askText', { project: place.project.name })}
      action={t('catalog.ask')}
      busy={ask.isPending}
      error={ask.error}
      className="sm:max-w-xl"
      onSubmit={() => ask.mutate()}
      onClose={onClose}
    >
      <Field label={t('accessRequests.purpose')} hint={t('catalog.purposeHint')}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            required
            maxLength={2000}
            value={purpose}
            onChange={(event) => setPurpose(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('accessRequests.dataClass')} hint={t(`dataClassTexts.${dataClass}`)}>
        {(control) => (
          <Select
            {...control}
            className="w-full"
            value={dataClass}
            onChange={(event) =>
              setDataClass(DATA_CLASSES.find((one) => one === event.target.value) ?? 'internal')
            }
          >
            {DATA_CLASSES.map((one) => (
              <option key={one} value={one}>
                {t(`dataClasses.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('accessRequests.time')}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={days ?? ''}
              onChange={(event) => setDays(Number(event.target.value) || null)}
            >
              {TIMES_DAYS.map((one) => (
                <option key={one} value={one}>
                  {t('accessRequests.days', { count: one })}
                </option>
              ))}
              <option value="">{t('accessRequests.withoutEnd')}</option>
            </Select>
          )}
        </Field>
        <Field
          label={t('accessRequests.volume')}
          hint={
            cost === null
              ? t('catalog.volumeHint')
              : t('catalog.volumeCost', {
                  amount: money(cost, entry?.price?.currency ?? 'USD', i18n.language),
                })
          }
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              inputMode="numeric"
              min={1}
              step={1}
              className="tabular"
              value={tokens}
              onChange={(event) => setTokens(event.target.value)}
            />
          )}
        </Field>
      </div>
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
