import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { UsageRecord } from '@/api/types'
import { moneys } from '@/format/money'
import { count, duration } from '@/format/number'
import { optionalText } from '@/i18n'
import { Card } from '@/ui/card'
import { Facts } from '@/ui/facts'
import { spendOf } from './spend'

interface SummaryProps {
  records: UsageRecord[]
  windowMinutes: number
  nowMs: number
}

/** What the window's calls cost and how long they took, in figures. */
export function Summary({ records, windowMinutes, nowMs }: SummaryProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const spend = spendOf(records, windowMinutes, nowMs)
  const ms = (value: number | null) => (value === null ? null : duration(value, language))
  const cost = moneys(spend.costs, language)
  return (
    <Card aria-label={t('home.summary')} className="px-4 py-3.5 sm:px-5">
      <Facts
        facts={[
          {
            id: 'spend',
            name: t('home.spend'),
            value: (
              <Link to="/usage" className="rounded text-accent-ink underline underline-offset-2">
                {cost || t('home.nothingSpent')}
              </Link>
            ),
          },
          {
            id: 'unpriced',
            name: t('home.unpriced'),
            value: spend.unpriced > 0 ? count(spend.unpriced, language) : null,
          },
          { id: 'latency', name: t('home.latency'), value: ms(spend.medianMs) },
          { id: 'slowest', name: t('home.slowest'), value: ms(spend.p95Ms) },
          {
            id: 'failure',
            name: t('home.commonest'),
            value:
              spend.commonest &&
              (optionalText(t, `outcomes.${spend.commonest}`) ?? spend.commonest),
          },
        ]}
      />
    </Card>
  )
}
