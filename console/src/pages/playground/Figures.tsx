import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Price } from '@/api/types'
import type { CallFigures } from '@/api/vectors'
import { money } from '@/format/money'
import { count, duration } from '@/format/number'
import { costOf } from './extras'

interface FiguresProps {
  figures: CallFigures
  price: Price | null | undefined
  /** What else is to be told, by a name in the reader's words. */
  more?: [string, string][]
}

/** What one call took: time, tokens, cost, and the way to its record. */
export function Figures({ figures, price, more = [] }: FiguresProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const { totalMs, tokens, requestId } = figures
  const cost = costOf(tokens === null ? null : { input: tokens, output: 0 }, price)
  const facts: [string, string][] = [
    [t('playground.metrics.total'), duration(totalMs, language)],
    ...(tokens === null
      ? []
      : [[t('playground.metrics.usage'), count(tokens, language)] as [string, string]]),
    ...(cost === null
      ? []
      : [
          [t('playground.metrics.cost'), money(cost, price?.currency ?? 'USD', language)] as [
            string,
            string,
          ],
        ]),
    ...more,
  ]
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
      <dl className="tabular flex flex-wrap gap-x-4 gap-y-0.5 text-ink-faint">
        {facts.map(([name, value]) => (
          <div key={name} className="flex gap-1.5">
            <dt>{name}</dt>
            <dd className="font-medium text-ink-soft">{value}</dd>
          </div>
        ))}
      </dl>
      {requestId ? (
        <Link
          to="/requests"
          search={{ request: requestId }}
          data-request={requestId}
          className="rounded font-medium text-accent-ink underline"
        >
          {t('playground.request')}
        </Link>
      ) : null}
    </div>
  )
}
