import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Breaker } from '@/api/types'
import { usePermits } from '@/app/permission'
import { count, duration } from '@/format/number'
import { optionalText } from '@/i18n'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { breakersQuery, CIRCUIT_TONES, circuitOf } from './breakers'

/** How each gateway finds an upstream's targets now, live. */
export function BreakersSection({ upstreamId }: { upstreamId: string }) {
  const { t } = useTranslation()
  const sees = usePermits()('system:read', 'platform')
  const { data } = useQuery({ ...breakersQuery, enabled: sees })
  if (!sees || !data) return null
  const found = data.items.filter(({ upstream_id }) => upstream_id === upstreamId)
  return (
    <section aria-labelledby="breakers" className="rounded-xl border border-line bg-surface p-4">
      <h3 id="breakers" className="font-medium text-ink text-sm">
        {t('breakers.title')}
      </h3>
      <p className="text-ink-faint text-xs">{t('breakers.text')}</p>
      {found.length === 0 ? (
        <p className="mt-2 text-ink-soft text-sm">{t('breakers.none')}</p>
      ) : (
        <ul className="mt-2 divide-y divide-line/70">
          {found.map((one) => (
            <One key={`${one.instance_id}/${one.upstream_model}`} breaker={one} />
          ))}
        </ul>
      )}
    </section>
  )
}

function One({ breaker }: { breaker: Breaker }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const circuit = circuitOf(breaker)
  const why = breaker.obstacle
    ? (optionalText(t, `breakers.obstacles.${breaker.obstacle}`) ?? breaker.obstacle)
    : null
  return (
    <li
      data-breaker={breaker.upstream_model}
      data-circuit={breaker.circuit}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 text-sm"
    >
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate text-ink">{breaker.upstream_model}</p>
        <p className="truncate text-ink-soft text-xs">{breaker.gateway}</p>
      </div>
      <span className="tabular text-ink-soft text-xs">
        {t('breakers.inFlight', { count: breaker.in_flight })}
      </span>
      {breaker.latency_ms === null ? null : (
        <span className="tabular text-ink-soft text-xs">
          {duration(breaker.latency_ms, language)}
        </span>
      )}
      <Badge tone={CIRCUIT_TONES[circuit]} dot>
        {t(`breakers.circuits.${circuit}`)}
      </Badge>
      {why || breaker.opened > 0 ? (
        <p className="w-full text-ink-soft text-xs">
          {why}
          {breaker.retry_at ? (
            <>
              {` · ${t('breakers.again')} `}
              <RelativeTime at={breaker.retry_at} />
            </>
          ) : null}
          {breaker.opened > 0
            ? `${why ? ' · ' : ''}${t('breakers.opened', { times: count(breaker.opened, language) })}`
            : null}
        </p>
      ) : null}
    </li>
  )
}
