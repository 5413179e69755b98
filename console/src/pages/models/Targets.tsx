import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { upstreamsQuery } from '@/api/queries'
import type { Model, Target } from '@/api/types'
import { ActionButton, usePermits } from '@/app/permission'
import { percent } from '@/format/number'
import { Button } from '@/ui/button'
import { Problem } from '@/ui/problem'
import { Slider } from '@/ui/slider'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'
import { sharesOf } from './shares'

const MOST = 100

/** Where calls go, and how they are shared out; a change is shown before it is made. */
export function Targets({ model }: { model: Model }) {
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
  const changed = targets.some(
    (target, index) => (target.weight ?? MOST) !== (model.targets[index]?.weight ?? MOST),
  )
  const save = useMutation({
    mutationFn: () => call<Model>('PATCH', `/models/${model.id}`, { body: { targets } }),
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
          const then = before[index]
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
                <Badge>{`${t('models.priority')} ${target.priority ?? 0}`}</Badge>
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
                    onChange={(weight) =>
                      setTargets(
                        targets.map((one, place) => (place === index ? { ...one, weight } : one)),
                      )
                    }
                  />
                  <output className="tabular w-10 shrink-0 text-end text-ink-soft text-sm">
                    {target.weight ?? MOST}
                  </output>
                </div>
              ) : null}
            </li>
          )
        })}
      </ul>
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
