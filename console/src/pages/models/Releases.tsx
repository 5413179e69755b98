import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import { objectQuery } from '@/api/tagged'
import type { Model, Page, Release, ReleaseEvent } from '@/api/types'
import { ActionButton } from '@/app/permission'
import { Confirm } from '@/ui/confirm'
import { Field, Input } from '@/ui/field'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge, type Tone } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { useToast } from '@/ui/toast'
import { CanaryWatch } from './CanaryWatch'
import { type ReleaseStep, stepsOf } from './release-steps'

const TONES: Record<Release['state'], Tone> = {
  registered: 'idle',
  verified: 'idle',
  deployed: 'accent',
  canary: 'warn',
  stable: 'ok',
  deprecated: 'warn',
  superseded: 'idle',
  rolled_back: 'bad',
  offline: 'idle',
}

const releasesQuery = (modelId: string) =>
  queryOptions({
    queryKey: ['releases', modelId],
    queryFn: ({ signal }) =>
      call<Page<Release>>('GET', '/releases', {
        signal,
        query: { model_id: modelId, limit: 200 },
      }),
    refetchInterval: 10_000,
  })

const eventsQuery = (modelId: string) =>
  queryOptions({
    queryKey: ['release-events', modelId],
    queryFn: ({ signal }) =>
      call<Page<ReleaseEvent>>('GET', '/release-events', {
        signal,
        query: { model_id: modelId, limit: 20 },
      }),
    refetchInterval: 10_000,
  })

interface Asked {
  step: ReleaseStep | 'rollback'
  release: Release | null
}

/** The versions of a model, the step that each may take next, and what was done so far. */
export function Releases({ model }: { model: Model }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const releases = useQuery(releasesQuery(model.id))
  const events = useQuery(eventsQuery(model.id))
  const [asked, setAsked] = useState<Asked | null>(null)
  const [reason, setReason] = useState('')
  // Read when it is asked about: what was decided meanwhile is not decided over.
  const asking = useQuery({
    ...objectQuery<Release>(['releases'], `/releases/${asked?.release?.id ?? ''}`),
    enabled: Boolean(asked?.release),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  const step = useMutation({
    mutationFn: ({ step: which, release }: Asked) =>
      call<Release>(
        'POST',
        which === 'rollback' || !release
          ? `/models/${model.id}/rollback`
          : `/releases/${release.id}/${which}`,
        { body: { reason: reason.trim() }, ifMatch: asking.data?.revision },
      ),
    onSuccess: (release) => {
      toast.done(
        t('releases.done', {
          version: release.version,
          state: t(`releases.states.${release.state}`),
        }),
      )
      setReason('')
    },
    onError: toast.failed,
    onSettled: () => {
      setAsked(null)
      for (const key of ['releases', 'release-events', 'models']) {
        void queries.invalidateQueries({ queryKey: [key] })
      }
    },
  })
  const items = releases.data?.items.toReversed() ?? []
  return (
    <section aria-labelledby="releases" className="mt-6">
      <div className="flex flex-wrap items-center gap-2">
        <h3 id="releases" className="font-medium text-ink text-sm">
          {t('releases.title')}
        </h3>
        {items.length > 0 ? (
          <ActionButton
            permission="release:operate"
            place="platform"
            size="sm"
            className="ms-auto"
            icon={<Undo2 aria-hidden />}
            onClick={() => setAsked({ step: 'rollback', release: null })}
          >
            {t('releases.steps.rollback')}
          </ActionButton>
        ) : null}
      </div>
      {releases.isError ? <Problem error={releases.error} className="mt-2" /> : null}
      {releases.isPending ? <SkeletonRows rows={2} /> : null}
      {releases.data && items.length === 0 ? (
        <p className="mt-1 text-ink-soft text-sm">{t('releases.none')}</p>
      ) : null}
      <ul className="mt-2 space-y-2">
        {items.map((release) => (
          <li
            key={release.id}
            data-release={release.version}
            className="rounded-xl border border-line bg-surface px-4 py-3"
          >
            <div className="flex flex-wrap items-center gap-2">
              <span className="font-medium text-ink text-sm">{release.version}</span>
              <Badge tone={TONES[release.state]} dot>
                {t(`releases.states.${release.state}`)}
              </Badge>
              {release.state === 'canary' && release.step !== null ? (
                <Badge tone="accent">
                  {t('releases.share', {
                    weight: release.plan.steps?.[release.step]?.weight ?? 0,
                  })}
                </Badge>
              ) : null}
              <span className="ms-auto text-ink-faint text-xs">
                <RelativeTime at={release.updated_at} />
              </span>
            </div>
            {release.state === 'canary' && release.step !== null ? (
              <progress
                className="mt-2 block h-1.5 w-full accent-(--accent)"
                aria-label={t('releases.progress')}
                max={release.plan.steps?.length ?? 1}
                value={release.step + 1}
              />
            ) : null}
            {release.state === 'canary' ? <CanaryWatch release={release} /> : null}
            {release.verification && !release.verification.passed ? (
              <ul className="mt-1.5 text-bad-ink text-xs">
                {release.verification.checks
                  .filter(({ passed, waived }) => !passed && !waived)
                  .map(({ name, detail }) => (
                    <li key={name}>{detail}</li>
                  ))}
              </ul>
            ) : null}
            <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
              {stepsOf(release.state).map((which) => (
                <ActionButton
                  key={which}
                  permission={which === 'verify' ? 'release:write' : 'release:operate'}
                  place="platform"
                  size="sm"
                  onClick={() => setAsked({ step: which, release })}
                >
                  {t(`releases.steps.${which}`)}
                </ActionButton>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {events.data && events.data.items.length > 0 ? (
        <details className="mt-3">
          <summary className="cursor-pointer text-ink-soft text-sm">
            {t('releases.history')}
          </summary>
          <ol className="mt-2 space-y-1 text-sm">
            {events.data.items.map((event) => (
              <li key={event.id} className="flex flex-wrap items-center gap-2">
                <span className="text-ink-faint text-xs">
                  <RelativeTime at={event.at} />
                </span>
                <span className="font-medium text-ink">{event.version}</span>
                <code className="font-mono text-ink-soft text-xs">{event.action}</code>
                <span className="text-ink-soft">{event.reason}</span>
              </li>
            ))}
          </ol>
        </details>
      ) : null}
      <Confirm
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={
          asked ? t(`releases.ask.${asked.step}`, { version: asked.release?.version ?? '' }) : ''
        }
        action={asked ? t(`releases.steps.${asked.step}`) : ''}
        busy={step.isPending || asking.isLoading}
        onConfirm={() => asked && step.mutate(asked)}
      >
        <p>{asked ? t(`releases.askText.${asked.step}`) : null}</p>
        <Field label={t('releases.reason')}>
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </Confirm>
    </section>
  )
}
