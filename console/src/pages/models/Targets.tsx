import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { upstreamsQuery } from '@/api/queries'
import type { Model, Target, Upstream } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import { percent } from '@/format/number'
import { Button } from '@/ui/button'
import { Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { Slider } from '@/ui/slider'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import { sharesOf } from './shares'

const MOST = 100

/** Where calls go, and how they are shared out; a change is shown before it is made. */
export function Targets({ model, revision }: { model: Model; revision: number | undefined }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const queries = useQueryClient()
  const toast = useToast()
  const permits = usePermits()
  const mayWrite = permits('model:write', 'platform')
  const upstreams = useQuery({
    ...upstreamsQuery,
    enabled: permits('upstream:read', 'platform'),
  })
  const [targets, setTargets] = useState<Target[]>(model.targets)
  const before = sharesOf(model.targets)
  const after = sharesOf(targets)
  const changed = JSON.stringify(targets) !== JSON.stringify(model.targets)
  const change = (index: number, next: Partial<Target>) =>
    setTargets(targets.map((one, place) => (place === index ? { ...one, ...next } : one)))
  const save = useMutation({
    mutationFn: () =>
      call<Model>('PATCH', `/models/${model.id}`, { body: { targets }, ifMatch: revision }),
    onSuccess: () => {
      toast.done(t('models.saved'))
      void queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
  const nameOf = (id: string) => upstreams.data?.items.find((one) => one.id === id)?.name ?? id
  return (
    <section aria-labelledby="targets" className="mt-6">
      <h3 id="targets" className="font-medium text-ink text-sm">
        {t('models.targetsTitle')}
      </h3>
      <ul className="mt-2 space-y-2">
        {targets.map((target, index) => {
          const now = after[index]
          const here = model.targets[index]
          const was =
            here && isSame(here, target)
              ? index
              : model.targets.findIndex((one) => isSame(one, target))
          const then = before[was]
          const label = `${target.upstream_model} @ ${nameOf(target.upstream_id)}`
          return (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: two targets may be alike but for their place
              key={index}
              className="rounded-xl border border-line bg-surface px-4 py-3"
              data-target={target.upstream_model}
            >
              <div className="flex flex-wrap items-center gap-2">
                <span className="wrap-anywhere font-medium text-ink text-sm">{label}</span>
                {target.track && target.track !== 'stable' ? (
                  <Badge tone="accent">{target.track}</Badge>
                ) : null}
                {mayWrite ? null : (
                  <Badge>{`${t('models.priority')} ${target.priority ?? 0}`}</Badge>
                )}
                {target.region ? <Badge>{target.region}</Badge> : null}
                <span className="tabular ms-auto text-ink-soft text-sm" data-share>
                  {then && now && Math.abs(then.share - now.share) > 0.0005
                    ? t('models.shareChange', {
                        before: percent(then.share, language),
                        after: percent(now.share, language),
                      })
                    : percent(now?.share ?? 0, language)}
                  {now?.first === false ? ` · ${t('models.standby')}` : null}
                </span>
              </div>
              {targets.length > 1 && mayWrite ? (
                <div className="mt-2 flex items-center gap-3">
                  <Slider
                    label={t('models.weightOf', { target: label })}
                    min={0}
                    max={MOST}
                    step={1}
                    value={Math.min(target.weight ?? MOST, MOST)}
                    onChange={(weight) => change(index, { weight })}
                  />
                  <output className="tabular w-10 shrink-0 text-end text-ink-soft text-sm">
                    {target.weight ?? MOST}
                  </output>
                </div>
              ) : null}
              {mayWrite ? (
                <div className="mt-2 flex flex-wrap items-center gap-2 text-ink-soft text-sm">
                  <span aria-hidden>{t('models.priority')}</span>
                  <Input
                    type="number"
                    min={0}
                    max={1000}
                    aria-label={t('models.priorityOf', { target: label })}
                    className="tabular w-20"
                    value={target.priority ?? 0}
                    onChange={(event) =>
                      change(index, { priority: Math.max(0, event.target.valueAsNumber || 0) })
                    }
                  />
                  {targets.length > 1 ? (
                    <Button
                      size="sm"
                      tone="ghost"
                      className="ms-auto"
                      icon={<X aria-hidden />}
                      aria-label={t('models.dropTarget', { target: label })}
                      onClick={() => setTargets(targets.filter((_, place) => place !== index))}
                    >
                      {t('common.remove')}
                    </Button>
                  ) : null}
                </div>
              ) : null}
            </li>
          )
        })}
      </ul>
      {mayWrite && upstreams.data && upstreams.data.items.length > 0 ? (
        <AddTarget
          upstreams={upstreams.data.items}
          onAdd={(target) => setTargets([...targets, target])}
        />
      ) : null}
      {save.isError ? <Problem error={save.error} className="mt-3" /> : null}
      {changed ? (
        <div className="mt-3 flex flex-wrap items-center gap-2 rounded-lg bg-sunken px-3.5 py-2.5">
          <p className="min-w-0 flex-1 basis-56 text-ink-soft text-sm">{t('models.preview')}</p>
          <Button onClick={() => setTargets(model.targets)}>{t('models.undo')}</Button>
          <ActionButton
            permission="model:write"
            place="platform"
            tone="primary"
            busy={save.isPending}
            onClick={() => save.mutate()}
          >
            {t('models.applyWeights')}
          </ActionButton>
        </div>
      ) : null}
    </section>
  )
}

/** Whether both are the same place for the same calls, whatever share of them it takes. */
const isSame = (a: Target, b: Target) =>
  a.upstream_id === b.upstream_id &&
  a.upstream_model === b.upstream_model &&
  (a.track ?? 'stable') === (b.track ?? 'stable')

interface AddTargetProps {
  upstreams: Upstream[]
  onAdd: (target: Target) => void
}

/** Another server that answers for the model; it takes calls once that is applied. */
function AddTarget({ upstreams, onAdd }: AddTargetProps) {
  const { t } = useTranslation()
  const [upstream, setUpstream] = useState(upstreams[0]?.id ?? '')
  const [name, setName] = useState('')
  return (
    <form
      className="mt-2 flex flex-wrap gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        onAdd({ upstream_id: upstream, upstream_model: name.trim() })
        setName('')
      }}
    >
      <Select
        aria-label={t('gpuPrices.upstream')}
        className="max-w-full"
        value={upstream}
        onChange={(event) => setUpstream(event.target.value)}
      >
        {upstreams.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </Select>
      <Input
        required
        aria-label={t('models.upstreamModel')}
        placeholder={t('models.upstreamModel')}
        className="w-auto min-w-40 flex-1"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" icon={<Plus aria-hidden />}>
        {t('models.addTarget')}
      </Button>
    </form>
  )
}
