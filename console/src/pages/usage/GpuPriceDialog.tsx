import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleStop, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { upstreamsQuery } from '@/api/queries'
import type { GpuPrice } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton, usePermits } from '@/app/permission'
import { zoneName } from '@/format/time'
import { Confirm } from '@/ui/confirm'
import { Field, Input } from '@/ui/field'
import { FormDialog } from '@/ui/form-dialog'
import { Select } from '@/ui/select'
import { useToast } from '@/ui/toast'
import {
  changeOf,
  creationOf,
  endsTooEarly,
  formOf,
  type GpuPriceForm,
  SHARED_BY,
  standingOf,
} from './gpu-price-form'
import { gpuPricesQuery } from './queries'

const EXAMPLE_UPSTREAM = 'ups_…'

interface GpuPriceDialogProps {
  /** `null` to write a new one. */
  price: GpuPrice | null
  onClose: () => void
}

/** What the GPUs behind an upstream cost: said for the first time, corrected, or ended. */
export function GpuPriceDialog({ price: given, onClose }: GpuPriceDialogProps) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const names = useNames()
  const permits = usePermits()
  const mayWrite = permits('gpu_price:write', 'platform')
  // What the form began with: a newer one in the list does not make this form a newer one.
  const [price] = useState(given)
  const [form, setForm] = useState(() => formOf(price, Date.now()))
  const set = (next: Partial<GpuPriceForm>) => setForm((before) => ({ ...before, ...next }))
  const [asking, setAsking] = useState<'end' | 'remove' | null>(null)
  const upstreams = useQuery({
    ...upstreamsQuery,
    enabled: price === null && permits('upstream:read', 'platform'),
  })
  const servers = upstreams.data?.items ?? []
  const chosen = form.upstreamId || (servers[0]?.id ?? '')
  const changed = () => queries.invalidateQueries({ queryKey: gpuPricesQuery.queryKey })
  const save = useMutation({
    mutationFn: () =>
      price
        ? call<GpuPrice>('PATCH', `/gpu-prices/${price.id}`, {
            body: changeOf(form, price),
            ifMatch: price.revision,
          })
        : call<GpuPrice>('POST', '/gpu-prices', {
            body: creationOf({ ...form, upstreamId: chosen }),
          }),
    onSuccess: async (saved) => {
      await changed()
      toast.done(t('gpuPrices.saved', { name: saved.name }))
      onClose()
    },
  })
  const act = useMutation({
    mutationFn: async ({ id, revision }: GpuPrice) => {
      if (asking === 'remove') {
        await call('DELETE', `/gpu-prices/${id}`, { ifMatch: revision })
      } else {
        await call('PATCH', `/gpu-prices/${id}`, {
          body: { valid_until: new Date().toISOString() },
          ifMatch: revision,
        })
      }
    },
    onSuccess: (_, { name }) => {
      toast.done(t(asking === 'remove' ? 'gpuPrices.removed' : 'gpuPrices.ended', { name }))
      onClose()
    },
    onError: toast.failed,
    onSettled: () => {
      setAsking(null)
      void changed()
    },
  })
  const early = endsTooEarly(form)
  const zone = zoneName(i18n.language)
  const may = { permission: 'gpu_price:write', place: 'platform' } as const
  return (
    <>
      <FormDialog
        title={price ? price.name : t('gpuPrices.add')}
        description={t('gpuPrices.text')}
        action={t('common.save')}
        busy={save.isPending}
        error={save.error}
        disabled={!mayWrite || early}
        className="sm:max-w-2xl"
        onSubmit={() => save.mutate()}
        onClose={onClose}
      >
        <fieldset disabled={!mayWrite} className="grid gap-4 sm:grid-cols-2">
          <legend className="sr-only">{t('gpuPrices.title')}</legend>
          <Field label={t('gpuPrices.name')} className="sm:col-span-2">
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
          <Field label={t('gpuPrices.upstream')}>
            {(control) =>
              price ? (
                <Input {...control} readOnly value={names(price.upstream_id)} />
              ) : servers.length > 0 ? (
                <Select
                  {...control}
                  value={chosen}
                  onChange={(event) => set({ upstreamId: event.target.value })}
                >
                  {servers.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              ) : (
                <Input
                  {...control}
                  required
                  placeholder={EXAMPLE_UPSTREAM}
                  value={form.upstreamId}
                  onChange={(event) => set({ upstreamId: event.target.value.trim() })}
                />
              )
            }
          </Field>
          <Field label={t('gpuPrices.model')} hint={price ? undefined : t('gpuPrices.modelHint')}>
            {(control) => (
              <Input
                {...control}
                maxLength={500}
                readOnly={price !== null}
                value={price && !form.upstreamModel ? t('gpuPrices.allModels') : form.upstreamModel}
                onChange={(event) => set({ upstreamModel: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('gpuPrices.gpus')} hint={t('gpuPrices.gpusHint')}>
            {(control) => (
              <Input
                {...control}
                type="number"
                required
                min={0.01}
                max={10_000}
                step="any"
                className="tabular"
                value={Number.isNaN(form.gpus) ? '' : form.gpus}
                onChange={(event) => set({ gpus: event.target.valueAsNumber })}
              />
            )}
          </Field>
          <div className="grid grid-cols-[1fr_6rem] gap-2">
            <Field label={t('gpuPrices.hourly')}>
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  required
                  min={0}
                  max={1_000_000}
                  step="any"
                  className="tabular"
                  value={Number.isNaN(form.hourly) ? '' : form.hourly}
                  onChange={(event) => set({ hourly: event.target.valueAsNumber })}
                />
              )}
            </Field>
            <Field label={t('gpuPrices.currency')}>
              {(control) => (
                <Input
                  {...control}
                  required
                  readOnly={price !== null}
                  pattern="[A-Za-z]{3}"
                  maxLength={3}
                  value={form.currency}
                  onChange={(event) => set({ currency: event.target.value })}
                />
              )}
            </Field>
          </div>
          <Field
            label={t('gpuPrices.sharedBy')}
            hint={t(`gpuPrices.sharesHints.${form.sharedBy}`)}
            className="sm:col-span-2"
          >
            {(control) => (
              <Select
                {...control}
                value={form.sharedBy}
                onChange={(event) =>
                  set({
                    sharedBy: SHARED_BY.find((one) => one === event.target.value) ?? form.sharedBy,
                  })
                }
              >
                {SHARED_BY.map((one) => (
                  <option key={one} value={one}>
                    {t(`gpuPrices.shares.${one}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('range.from', { zone })}>
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                required
                value={form.from}
                onChange={(event) => set({ from: event.target.value })}
              />
            )}
          </Field>
          <Field
            label={t('gpuPrices.until', { zone })}
            hint={t('gpuPrices.untilHint')}
            error={early ? t('range.wrong') : undefined}
          >
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={form.until}
                onChange={(event) => set({ until: event.target.value })}
              />
            )}
          </Field>
        </fieldset>
        {price ? (
          <div className="flex flex-wrap gap-2">
            {standingOf(price, Date.now()) === 'holds' ? (
              <ActionButton
                {...may}
                size="sm"
                tone="ghost"
                icon={<CircleStop aria-hidden />}
                onClick={() => setAsking('end')}
              >
                {t('gpuPrices.end')}
              </ActionButton>
            ) : null}
            <ActionButton
              {...may}
              size="sm"
              tone="ghost"
              icon={<Trash2 aria-hidden />}
              onClick={() => setAsking('remove')}
            >
              {t('common.remove')}
            </ActionButton>
          </div>
        ) : null}
      </FormDialog>
      <Confirm
        open={asking !== null}
        onOpenChange={(open) => !open && setAsking(null)}
        title={asking ? t(`gpuPrices.ask.${asking}`, { name: price?.name ?? '' }) : ''}
        action={t(asking === 'remove' ? 'common.remove' : 'gpuPrices.end')}
        busy={act.isPending}
        onConfirm={() => price && act.mutate(price)}
      >
        <p>{asking ? t(`gpuPrices.askText.${asking}`) : null}</p>
      </Confirm>
    </>
  )
}
