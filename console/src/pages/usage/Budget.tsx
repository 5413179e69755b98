import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { money } from '@/format/money'
import { percent } from '@/format/number'
import { projectQuery } from '@/pages/requests/queries'
import { Card, CardHeader } from '@/ui/card'
import { cx } from '@/ui/cx'
import { useNow } from '@/ui/time'
import { forecast } from './figures'
import { summaryQuery } from './queries'

/** The project's budgets beside what was spent, and what the month will come to. */
export function Budget({ projectId }: { projectId: string }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const project = useQuery(projectQuery(projectId))
  const now = useNow(300_000)
  const [day, month] = useMemo(() => {
    const at = new Date(now)
    const begin = (date: number) =>
      new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), date)).toISOString()
    return [
      { since: begin(at.getUTCDate()), until: undefined },
      { since: begin(1), until: undefined },
    ]
  }, [now])
  const limits = project.data?.limits ?? null
  const perDay = limits?.budget_per_day ?? null
  const perMonth = limits?.budget_per_month ?? null
  const any = perDay !== null || perMonth !== null
  const today = useQuery({ ...summaryQuery(projectId, day), enabled: any })
  const sofar = useQuery({ ...summaryQuery(projectId, month), enabled: any })
  if (!any || !today.data || !sofar.data) return null
  const currency = limits?.currency ?? 'USD'
  const spentToday = today.data.totals.costs[currency] ?? 0
  const spent = sofar.data.totals.costs[currency] ?? 0
  const expected = forecast(spent, new Date(now))
  return (
    <Card aria-labelledby="budget" className="mb-4">
      <CardHeader id="budget" title={t('usage.budget')} hint={t('usage.budgetHint')} />
      <div className="grid gap-4 px-4 pb-4 sm:grid-cols-2 sm:px-5">
        {perDay === null ? null : (
          <Meter name={t('usage.today')} spent={spentToday} budget={perDay} currency={currency} />
        )}
        {perMonth === null ? null : (
          <div>
            <Meter name={t('usage.month')} spent={spent} budget={perMonth} currency={currency} />
            {expected === null ? null : (
              <p
                className={cx(
                  'mt-1 text-xs',
                  expected > perMonth ? 'text-warn-ink' : 'text-ink-faint',
                )}
              >
                {t('usage.forecast', {
                  amount: money(expected, currency, language),
                  share: percent(perMonth > 0 ? expected / perMonth : 0, language),
                })}
              </p>
            )}
          </div>
        )}
      </div>
    </Card>
  )
}

interface MeterProps {
  name: string
  spent: number
  budget: number
  currency: string
}

function Meter({ name, spent, budget, currency }: MeterProps) {
  const { i18n } = useTranslation()
  const share = budget > 0 ? spent / budget : 1
  const words = `${money(spent, currency, i18n.language)} / ${money(budget, currency, i18n.language)}`
  return (
    <div>
      <div className="flex justify-between text-sm">
        <span className="text-ink-soft">{name}</span>
        <span className="tabular text-ink">{words}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter of their own */}
      <div
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={Math.min(share, 1)}
        aria-valuetext={words}
        className="mt-1.5 h-2 overflow-hidden rounded-full bg-hover"
      >
        <div
          className={cx('h-full', share >= 1 ? 'bg-bad' : share >= 0.8 ? 'bg-warn' : 'bg-accent')}
          style={{ width: `${Math.min(share, 1) * 100}%` }}
        />
      </div>
    </div>
  )
}
