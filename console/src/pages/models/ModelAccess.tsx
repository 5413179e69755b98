import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Model } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { dateOf } from '@/format/time'
import { GrantsList } from '@/pages/access/GrantsList'
import { requestsQuery } from '@/pages/access/queries'
import { Confirm } from '@/ui/confirm'
import { Badge } from '@/ui/status'
import { useToast } from '@/ui/toast'

/** Whether a model is for everybody or by grant alone, and then: who has access, and by what. */
export function ModelAccess({ model, revision }: { model: Model; revision: number | undefined }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const toast = useToast()
  const permits = usePermits()
  const place = usePlace()
  const [asking, setAsking] = useState(false)
  const restricted = model.access === 'restricted'
  const turn = useMutation({
    mutationFn: () =>
      call<Model>('PATCH', `/models/${model.id}`, {
        body: { access: restricted ? 'open' : 'restricted' },
        ifMatch: revision,
      }),
    onSuccess: () =>
      toast.done(t(restricted ? 'modelAccess.opened' : 'modelAccess.restricted', model)),
    onError: toast.failed,
    onSettled: () => {
      setAsking(false)
      void queries.invalidateQueries({ queryKey: ['models'] })
    },
  })
  const sees = place !== null && permits('access:read', { orgId: place.organization.id })
  return (
    <section aria-labelledby="model-access" data-access={model.access} className="mt-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h3 id="model-access" className="font-medium text-ink text-sm">
          {t('modelAccess.title')}
        </h3>
        <Badge tone={restricted ? 'warn' : 'ok'} dot>
          {t(`modelAccess.states.${model.access}`)}
        </Badge>
        <ActionButton
          permission="model:write"
          place="platform"
          size="sm"
          className="ms-auto"
          icon={restricted ? <LockOpen aria-hidden /> : <Lock aria-hidden />}
          onClick={() => setAsking(true)}
        >
          {t(restricted ? 'modelAccess.open' : 'modelAccess.restrict')}
        </ActionButton>
      </div>
      <p className="mt-1 mb-3 text-ink-soft text-sm">
        {t(restricted ? 'modelAccess.restrictedText' : 'modelAccess.openText')}
      </p>
      {restricted && sees && place ? (
        <div className="space-y-3">
          <GrantsList
            place={place}
            everywhere={permits('access:read', 'platform')}
            modelId={model.id}
          />
          <ByRequest model={model} orgId={place.organization.id} />
        </div>
      ) : null}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t(restricted ? 'modelAccess.openTitle' : 'modelAccess.restrictTitle', model)}
        action={t(restricted ? 'modelAccess.open' : 'modelAccess.restrict')}
        busy={turn.isPending}
        onConfirm={() => turn.mutate()}
      >
        <p>{t(restricted ? 'modelAccess.openTouches' : 'modelAccess.restrictTouches')}</p>
      </Confirm>
    </section>
  )
}

/** The keys that came of approved requests, which are good for a restricted model as well. */
function ByRequest({ model, orgId }: { model: Model; orgId: string }) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const list = useInfiniteQuery(requestsQuery(orgId, 'all', 'active'))
  const found = (list.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ model_id }) => model_id === model.id)
  if (!list.data) return null
  return (
    <div>
      <h3 className="font-medium text-ink text-sm">{t('modelAccess.byRequest')}</h3>
      {found.length === 0 ? (
        <p className="mt-1 text-ink-soft text-sm">{t('modelAccess.noRequest')}</p>
      ) : (
        <ul className="mt-2 space-y-1.5">
          {found.map((one) => (
            <li
              key={one.id}
              data-request={one.id}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm"
            >
              <Link
                to="/access"
                search={{ view: 'all', open: one.id }}
                className="min-w-0 flex-1 truncate font-medium text-accent-ink underline-offset-2 hover:underline"
              >
                {[names(one.requester_id), names(one.project_id), one.purpose]
                  .filter(Boolean)
                  .join(' · ')}
              </Link>
              <span className="text-ink-soft text-xs">
                {one.until
                  ? t('directory.until', { date: dateOf(one.until, i18n.language) })
                  : t('accessRequests.withoutEnd')}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Link
        to="/access"
        search={{ view: 'all', state: 'active' }}
        className="mt-2 inline-block text-accent-ink text-sm underline underline-offset-2"
      >
        {t('modelAccess.allGranted')}
      </Link>
    </div>
  )
}
