import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pause, Pencil, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Slo, SloStatus } from '@/api/types'
import { Editing } from '@/app/editing'
import { ActionButton } from '@/app/permission'
import { count, exactPercent, rate } from '@/format/number'
import { fullTime, spanOf } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Confirm } from '@/ui/confirm'
import { cx } from '@/ui/cx'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import { AlertsList } from './AlertsList'
import { BudgetMeter } from './BudgetMeter'
import { ObjectiveDialog } from './ObjectiveDialog'
import { usePromise } from './promise'
import { slosQuery, statusQuery } from './queries'
import { STANDING_TONES, standingOf } from './standing'

/** One objective: what is left of its budget, how fast it goes, and the alerts so far. */
export function ObjectiveDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const promise = usePromise()
  const list = useQuery(slosQuery)
  const slo = list.data?.items.find((one) => one.id === id)
  const status = useQuery({ ...statusQuery(id), enabled: slo !== undefined })
  const standing = slo ? standingOf(slo, status.data) : null
  return (
    <Drawer
      title={slo?.name ?? t('pages.objectives')}
      description={slo ? promise(slo) : null}
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: `/slos/${id}/status`,
            sdk: 'slos.status.get',
            positional: [id],
            cli: 'mainspring slos list',
          }}
        />
      }
      onClose={onClose}
    >
      {list.isError || status.isError ? (
        <Problem error={list.error ?? status.error} onRetry={() => status.refetch()} />
      ) : slo && status.data && standing ? (
        <div className="space-y-6">
          <div className="flex flex-wrap items-center gap-3">
            <Badge tone={STANDING_TONES[standing]} dot>
              {t(`objectives.standings.${standing}`)}
            </Badge>
            <Actions slo={slo} onRemoved={onClose} />
          </div>
          {slo.description ? (
            <p className="wrap-anywhere max-w-prose text-ink text-sm">{slo.description}</p>
          ) : null}
          <BudgetMeter left={status.data.budget_left} className="max-w-xl" />
          <Measured slo={slo} status={status.data} />
          <Burning status={status.data} />
          <AlertsList sloId={id} />
        </div>
      ) : list.data && !slo ? (
        <p className="text-ink-soft text-sm">{t('objectives.gone')}</p>
      ) : (
        <SkeletonRows />
      )}
    </Drawer>
  )
}

function Measured({ slo, status }: { slo: Slo; status: SloStatus }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  return (
    <Facts
      facts={[
        { id: 'target', name: t('objectives.target'), value: exactPercent(slo.target, language) },
        {
          id: 'achieved',
          name: t('objectives.achieved'),
          value: status.achieved === null ? null : exactPercent(status.achieved, language),
        },
        { id: 'total', name: t('objectives.total'), value: count(status.total, language) },
        { id: 'bad', name: t('objectives.bad'), value: count(status.bad, language) },
        {
          id: 'until',
          name: t('objectives.measuredUntil'),
          value: status.measured_until
            ? fullTime(status.measured_until, language)
            : t('objectives.notMeasured'),
        },
      ]}
    />
  )
}

/** How fast the budget goes, by pair of windows; both have to be above the rate to fire. */
function Burning({ status }: { status: SloStatus }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const times = (value: number) => t('objectives.times', { rate: rate(value, language) })
  const head = 'px-3 py-2 text-end font-medium first:text-start'
  return (
    <section aria-labelledby="burning">
      <h3 id="burning" className="font-medium text-ink text-sm">
        {t('objectives.burning')}
      </h3>
      <p className="mb-2 text-ink-soft text-xs">{t('objectives.burningText')}</p>
      <div className="overflow-x-auto rounded-xl border border-line bg-surface">
        <table className="tabular w-full border-collapse text-sm">
          <thead>
            <tr className="border-line border-b text-ink-faint text-xs">
              <th scope="col" className={head}>
                {t('objectives.windows')}
              </th>
              <th scope="col" className={head}>
                {t('objectives.longRate')}
              </th>
              <th scope="col" className={head}>
                {t('objectives.shortRate')}
              </th>
              <th scope="col" className={head}>
                {t('objectives.threshold')}
              </th>
            </tr>
          </thead>
          <tbody>
            {status.burning.map((one) => (
              <tr
                key={one.long_s}
                className={cx(
                  'border-line/70 border-b last:border-0',
                  one.firing && 'bg-bad-soft text-bad-ink',
                )}
              >
                <th scope="row" className="px-3 py-2 text-start font-normal">
                  {t('objectives.pair', {
                    long: spanOf(one.long_s, language),
                    short: spanOf(one.short_s, language),
                  })}
                </th>
                <td className="px-3 py-2 text-end">{times(one.long_rate)}</td>
                <td className="px-3 py-2 text-end">{times(one.short_rate)}</td>
                <td className="px-3 py-2 text-end">{times(one.threshold)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Actions({ slo, onRemoved }: { slo: Slo; onRemoved: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const [editing, setEditing] = useState(false)
  const [asking, setAsking] = useState(false)
  const write = { permission: 'slo:write', place: 'platform' } as const
  const turn = useMutation({
    mutationFn: () =>
      call<Slo>('PATCH', `/slos/${slo.id}`, {
        body: { enabled: !slo.enabled },
        ifMatch: slo.revision,
      }),
    onError: toast.failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ['slos'] }),
  })
  const remove = useMutation({
    mutationFn: () => call('DELETE', `/slos/${slo.id}`, { ifMatch: slo.revision }),
    onSuccess: () => {
      onRemoved()
      toast.done(t('objectives.removed', { name: slo.name }))
      return queries.invalidateQueries({ queryKey: ['slos'], exact: true })
    },
    onError: toast.failed,
    onSettled: () => setAsking(false),
  })
  return (
    <div className="ms-auto flex flex-wrap gap-2">
      <ActionButton {...write} icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
        {t('common.edit')}
      </ActionButton>
      <ActionButton
        {...write}
        busy={turn.isPending}
        icon={slo.enabled ? <Pause aria-hidden /> : <Play aria-hidden />}
        onClick={() => turn.mutate()}
      >
        {t(slo.enabled ? 'objectives.turnOff' : 'objectives.turnOn')}
      </ActionButton>
      <ActionButton {...write} icon={<Trash2 aria-hidden />} onClick={() => setAsking(true)}>
        {t('common.remove')}
      </ActionButton>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t('objectives.askRemove', { name: slo.name })}
        action={t('common.remove')}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        {t('objectives.askRemoveText')}
      </Confirm>
      {editing ? (
        <Editing<Slo>
          path={`/slos/${slo.id}`}
          title={t('objectives.editTitle', { name: slo.name })}
          onClose={() => setEditing(false)}
        >
          {(begun) => <ObjectiveDialog slo={begun} onClose={() => setEditing(false)} />}
        </Editing>
      ) : null}
    </div>
  )
}
