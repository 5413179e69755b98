import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AccessRequest } from '@/api/types'
import { useNames } from '@/app/names'
import { money } from '@/format/money'
import { count } from '@/format/number'
import { fullTime } from '@/format/time'
import { AsCode } from '@/ui/as-code'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { LimitsList } from '@/ui/limits'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { Comments } from './Comments'
import { requestQuery } from './queries'
import { RequestActions } from './RequestActions'
import { Steps } from './Steps'
import { STATE_TONES } from './steps'

interface RequestDrawerProps {
  id: string
  orgId: string
  /** Another request is to be shown: the renewal of this one. */
  onOther: (id: string) => void
  onClose: () => void
}

/** One request for access: what for, who has to agree, what came of it, and what one can do. */
export function RequestDrawer({ id, orgId, onOther, onClose }: RequestDrawerProps) {
  const { t } = useTranslation()
  const request = useQuery(requestQuery(id))
  const { data } = request
  return (
    <Drawer
      title={data ? t('accessRequests.titleOf', { model: data.model }) : t('pages.access')}
      description={
        data ? (
          <Badge tone={STATE_TONES[data.state]} dot>
            {t(`accessRequests.states.${data.state}`)}
          </Badge>
        ) : null
      }
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: `/access-requests/${id}`,
            sdk: 'access_requests.get',
            positional: [id],
            cli: `mainspring access show ${id}`,
          }}
        />
      }
      onClose={onClose}
    >
      {request.isError ? (
        <Problem error={request.error} onRetry={() => request.refetch()} />
      ) : data ? (
        <div className="space-y-6">
          <RequestActions request={data} orgId={orgId} onOther={onOther} />
          <Wish request={data} onOther={onOther} />
          <Steps request={data} />
          <Comments request={data} />
        </div>
      ) : (
        <SkeletonRows />
      )}
    </Drawer>
  )
}

function Wish({ request, onOther }: { request: AccessRequest; onOther: (id: string) => void }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const names = useNames()
  const time = (at: string | null) => (at ? fullTime(at, language) : null)
  const renewed = request.renews
  return (
    <section aria-labelledby="wish" className="space-y-4">
      <h3 id="wish" className="font-medium text-ink text-sm">
        {t('accessRequests.purpose')}
      </h3>
      <p className="wrap-anywhere -mt-3 max-w-prose whitespace-pre-wrap text-ink text-sm">
        {request.purpose}
      </p>
      {request.reason ? (
        <p className="rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
          {request.reason}
        </p>
      ) : null}
      <Facts
        facts={[
          { id: 'who', name: t('accessRequests.who'), value: names(request.requester_id) },
          { id: 'project', name: t('accessRequests.project'), value: names(request.project_id) },
          {
            id: 'data',
            name: t('accessRequests.dataClass'),
            value: t(`dataClasses.${request.data_class as 'internal'}`),
          },
          {
            id: 'time',
            name: t('accessRequests.time'),
            value:
              request.days === null
                ? t('accessRequests.withoutEnd')
                : t('accessRequests.days', { count: request.days }),
          },
          {
            id: 'volume',
            name: t('accessRequests.volume'),
            value:
              request.tokens_per_month === null ? null : count(request.tokens_per_month, language),
          },
          {
            id: 'cost',
            name: t('accessRequests.cost'),
            value: request.cost === null ? null : money(request.cost, request.currency, language),
          },
          { id: 'asked', name: t('accessRequests.askedAt'), value: time(request.created_at) },
          { id: 'decided', name: t('accessRequests.decidedAt'), value: time(request.decided_at) },
          { id: 'until', name: t('accessRequests.until'), value: time(request.until) },
          { id: 'ended', name: t('accessRequests.endedAt'), value: time(request.ended_at) },
          { id: 'rules', name: t('accessRequests.rules'), value: request.rules.join(', ') },
          { id: 'key', name: t('keys.id'), value: request.key_id },
          {
            id: 'renews',
            name: t('accessRequests.renews'),
            value: renewed ? (
              <button
                type="button"
                onClick={() => onOther(renewed)}
                className="rounded font-mono text-accent-ink text-xs underline underline-offset-2"
              >
                {renewed}
              </button>
            ) : null,
          },
        ]}
      />
      {request.limits ? <LimitsList limits={request.limits} /> : null}
    </section>
  )
}
