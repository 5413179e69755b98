import { useQuery } from '@tanstack/react-query'
import { Check, CircleSlash } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Attempt } from '@/api/types'
import { duration } from '@/format/number'
import { optionalText } from '@/i18n'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { decisionQuery } from './queries'

/** Why the call went where it went: every attempt, who could have had it, and what came of it. */
export function DecisionPanel({ requestId }: { requestId: string }) {
  const { t } = useTranslation()
  const decision = useQuery(decisionQuery(requestId))
  if (decision.isPending) return <SkeletonRows />
  if (decision.isError) {
    return <Problem error={decision.error} onRetry={() => decision.refetch()} />
  }
  if (decision.data === null) {
    return <p className="text-ink-soft text-sm">{t('decision.none')}</p>
  }
  const { attempts, model, requested_model, degraded } = decision.data
  return (
    <div className="space-y-3" data-decision>
      {requested_model !== model ? (
        <p className="text-ink-soft text-sm">
          {t('decision.renamed', { asked: requested_model, used: model })}
        </p>
      ) : null}
      {degraded ? <p className="text-sm text-warn-ink">{t('decision.degraded')}</p> : null}
      {attempts.length === 0 ? (
        <p className="text-ink-soft text-sm">{t('decision.noAttempt')}</p>
      ) : null}
      <ol className="space-y-3">
        {attempts.map((attempt, index) => (
          <AttemptView
            // biome-ignore lint/suspicious/noArrayIndexKey: attempts are in their order
            key={index}
            attempt={attempt}
            place={index + 1}
          />
        ))}
      </ol>
    </div>
  )
}

function AttemptView({ attempt, place }: { attempt: Attempt; place: number }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const word = (group: 'causes' | 'strategies' | 'trackReasons' | 'exclusions', value: string) =>
    optionalText(t, `decision.${group}.${value}`) ?? value
  const ok = attempt.result === 'ok'
  return (
    <li className="rounded-xl border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium text-ink text-sm">{t('decision.attempt', { place })}</h3>
        <span className="text-ink-soft text-sm">{word('causes', attempt.cause)}</span>
        <Badge tone={ok ? 'ok' : 'bad'} dot className="ms-auto">
          {optionalText(t, `outcomes.${attempt.result}`) ?? attempt.result}
        </Badge>
      </div>
      <Facts
        className="mt-3"
        facts={[
          {
            id: 'strategy',
            name: t('decision.strategy'),
            value: word('strategies', attempt.strategy),
          },
          {
            id: 'track',
            name: t('decision.track'),
            value: `${attempt.track} · ${word('trackReasons', attempt.track_reason)}`,
          },
          {
            id: 'began',
            name: t('decision.began'),
            value: t('decision.after', { duration: duration(attempt.at_ms, language) }),
          },
          {
            id: 'took',
            name: t('requests.duration'),
            value: duration(attempt.duration_ms, language),
          },
        ]}
      />
      <h4 className="mt-3 mb-1 text-ink-faint text-xs">{t('decision.candidates')}</h4>
      <ul className="space-y-1">
        {attempt.candidates.map((candidate, index) => {
          const chosen = attempt.chosen === index
          return (
            <li
              key={`${candidate.upstream_id}/${candidate.upstream_model}`}
              data-chosen={chosen}
              className="flex flex-wrap items-center gap-2 text-sm"
            >
              {chosen ? (
                <Check aria-hidden className="size-4 text-ok-ink" />
              ) : candidate.excluded ? (
                <CircleSlash aria-hidden className="size-4 text-ink-faint" />
              ) : (
                <span aria-hidden className="size-4" />
              )}
              <span className={chosen ? 'font-medium text-ink' : 'text-ink-soft'}>
                {candidate.upstream ?? candidate.upstream_id}
              </span>
              <span className="wrap-anywhere font-mono text-ink-faint text-xs">
                {candidate.upstream_model}
              </span>
              <span className="text-ink-faint text-xs">
                {chosen
                  ? t('decision.chosen')
                  : candidate.excluded
                    ? word('exclusions', candidate.excluded)
                    : t('decision.possible')}
              </span>
            </li>
          )
        })}
      </ul>
    </li>
  )
}
