import { useTranslation } from 'react-i18next'
import type { Part } from '@/api/types'
import { count } from '@/format/number'
import { uptime } from '@/format/time'
import { Card, CardHeader } from '@/ui/card'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useNow } from '@/ui/time'
import { factsOf } from './fleet'
import { PART_TONES, partName } from './part-name'

interface PartsPanelProps {
  parts: Part[] | undefined
  error: unknown
  onRetry: () => void
}

/** The processes that make up the platform, each with its state and a few facts of its own. */
export function PartsPanel({ parts, error, onRetry }: PartsPanelProps) {
  const { t } = useTranslation()
  const ready = parts?.filter(({ state }) => state === 'ready').length ?? 0
  return (
    <Card aria-labelledby="parts" className="@container">
      <CardHeader id="parts" title={t('home.parts')}>
        {parts ? (
          <Badge tone={ready === parts.length ? 'ok' : 'warn'}>
            {t('home.partsReady', { ready, total: parts.length })}
          </Badge>
        ) : null}
      </CardHeader>
      {parts ? (
        <ul className="grid grid-cols-1 items-start pb-2 @2xl:grid-cols-2 @4xl:grid-cols-3">
          {parts.map((part) => (
            <PartRow key={part.instance_id} part={part} />
          ))}
        </ul>
      ) : error ? (
        <Problem error={error} onRetry={onRetry} className="m-4 mt-1" />
      ) : (
        <SkeletonRows rows={6} />
      )}
    </Card>
  )
}

function PartRow({ part }: { part: Part }) {
  const { t, i18n } = useTranslation()
  const now = useNow(10_000)
  const facts = factsOf(part)
  return (
    <li data-part={part.name} data-state={part.state} className="px-4 py-2 sm:px-5">
      <div className="flex items-center gap-2.5">
        <span className="min-w-0 truncate font-medium text-ink text-sm">{partName(t, part)}</span>
        <span className="tabular ms-auto whitespace-nowrap text-ink-faint text-xs">
          {uptime(part.started_at, i18n.language, Math.max(now, Date.now()))}
        </span>
        <Badge tone={PART_TONES[part.state] ?? 'idle'} dot>
          {t(`states.${part.state}`)}
        </Badge>
      </div>
      {facts.length > 0 ? (
        <dl className="tabular mt-0.5 flex flex-wrap gap-x-3 text-2xs text-ink-faint">
          {facts.map(([fact, value]) => (
            <div key={fact} className="flex gap-1">
              <dt className={fact === 'address' ? 'sr-only' : undefined}>{t(`facts.${fact}`)}</dt>
              <dd className={fact === 'address' ? 'wrap-anywhere font-mono' : 'text-ink-soft'}>
                {fact === 'memory'
                  ? t('common.megabytes', { size: count(Number(value), i18n.language) })
                  : value}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {typeof part.details.problem === 'string' ? (
        <p className="wrap-anywhere mt-1 text-warn-ink text-xs">{part.details.problem}</p>
      ) : null}
    </li>
  )
}
