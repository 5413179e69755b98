import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { groupsQuery } from '@/api/people'
import type { AccessRequest } from '@/api/types'
import { useNames } from '@/app/names'
import { roleName, usePermits } from '@/app/permission'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { approverOf, STEP_TONES, standings } from './steps'

/** Who has to agree, one after the other, and what was said so far. */
export function Steps({ request }: { request: AccessRequest }) {
  const { t, i18n } = useTranslation()
  const names = useNames()
  const approver = useApprovers(request.org_id)
  const list = (step: AccessRequest['steps'][number]) =>
    new Intl.ListFormat(i18n.language, {
      type: step.need === 'all' ? 'conjunction' : 'disjunction',
    }).format(step.approvers.map(approver))
  return (
    <section aria-labelledby="steps">
      <h3 id="steps" className="font-medium text-ink text-sm">
        {t('accessRequests.steps')}
      </h3>
      {request.steps.length === 0 ? (
        <p className="mt-1 text-ink-soft text-sm">{t('accessRequests.noSteps')}</p>
      ) : null}
      <ol className="mt-2 space-y-2">
        {standings(request).map(({ step, standing }) => (
          <li
            key={step.name}
            data-step={step.name}
            data-standing={standing}
            className="rounded-xl border border-line bg-surface px-4 py-3"
          >
            <div className="flex flex-wrap items-center gap-2">
              <span className="font-medium text-ink text-sm">{step.name}</span>
              <Badge tone={STEP_TONES[standing]} dot>
                {t(`accessRequests.standings.${standing}`)}
              </Badge>
              <span className="text-ink-soft text-sm">{list(step)}</span>
            </div>
            <ul className="space-y-1 empty:hidden">
              {step.decisions.map((decision) => (
                <li key={decision.user_id} className="mt-2 text-sm">
                  <span className={decision.agrees ? 'text-ok-ink' : 'text-bad-ink'}>
                    {t(decision.agrees ? 'accessRequests.agreed' : 'accessRequests.refused', {
                      name: names(decision.user_id),
                    })}
                  </span>
                  <span className="ms-2 text-ink-faint text-xs">
                    <RelativeTime at={decision.at} />
                  </span>
                  {decision.comment ? (
                    <span className="wrap-anywhere block text-ink-soft">{decision.comment}</span>
                  ) : null}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Return the function that puts an approver into words. */
export function useApprovers(orgId: string): (spelt: string) => string {
  const { t } = useTranslation()
  const names = useNames()
  const groups = useInfiniteQuery({
    ...groupsQuery(orgId),
    enabled: usePermits()('member:read', { orgId }),
  })
  return (spelt) => {
    const { kind, name } = approverOf(spelt)
    if (kind === 'role') return roleName(t, name)
    if (kind === 'user') return names(name)
    const group = groups.data?.pages.flatMap(({ items }) => items).find(({ id }) => id === name)
    return t('accessRequests.group', { name: group?.name ?? name })
  }
}
