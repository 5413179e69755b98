import { Plus, Target } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ActionButton } from '@/app/permission'
import { count, exactPercent } from '@/format/number'
import { Card } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { Skeleton } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { BudgetMeter } from './BudgetMeter'
import { usePromise } from './promise'
import { type Objective, STANDING_TONES } from './standing'
import { useObjectives } from './use-objectives'

interface ObjectivesGridProps {
  onOpen: (id: string) => void
  onAdd: () => void
}

/** Every objective as a card, the worst first. */
export function ObjectivesGrid({ onOpen, onAdd }: ObjectivesGridProps) {
  const { t } = useTranslation()
  const { objectives, error, refetch } = useObjectives()
  if (error) return <Problem error={error} onRetry={() => void refetch()} />
  if (!objectives) return <Skeleton className="h-48 rounded-xl" />
  if (objectives.length === 0) {
    return (
      <Card>
        <Empty
          icon={Target}
          title={t('objectives.emptyTitle')}
          action={
            <ActionButton
              permission="slo:write"
              place="platform"
              tone="primary"
              icon={<Plus aria-hidden />}
              onClick={onAdd}
            >
              {t('objectives.addFirst')}
            </ActionButton>
          }
        >
          {t('objectives.emptyText')}
        </Empty>
      </Card>
    )
  }
  return (
    <ul className="grid gap-4 sm:grid-cols-[repeat(auto-fill,minmax(22rem,1fr))]">
      {objectives.map((objective) => (
        <li key={objective.slo.id} className="min-w-0">
          <ObjectiveCard objective={objective} onOpen={() => onOpen(objective.slo.id)} />
        </li>
      ))}
    </ul>
  )
}

function ObjectiveCard({ objective, onOpen }: { objective: Objective; onOpen: () => void }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const promise = usePromise()
  const { slo, status, standing } = objective
  return (
    <Card
      className="relative h-full px-4 py-4 transition-colors hover:border-line-strong sm:px-5"
      data-objective={slo.name}
    >
      <div className="flex items-start gap-3">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-base text-ink">
          <button
            type="button"
            onClick={onOpen}
            className="max-w-full truncate rounded after:absolute after:inset-0 after:rounded-xl"
          >
            {slo.name}
          </button>
        </h2>
        <Badge tone={STANDING_TONES[standing]} dot>
          {t(`objectives.standings.${standing}`)}
        </Badge>
      </div>
      <p className="mt-0.5 text-ink-soft text-xs">{promise(slo)}</p>
      <p className="tabular mt-3 font-semibold text-2xl text-ink tracking-tight">
        {status && status.achieved !== null
          ? exactPercent(status.achieved, language)
          : t('common.none')}
      </p>
      <p className="tabular text-ink-faint text-xs">
        {status
          ? t('objectives.calls', {
              bad: count(status.bad, language),
              total: count(status.total, language),
            })
          : t('objectives.notMeasured')}
      </p>
      <BudgetMeter left={status?.budget_left ?? 1} className="mt-3" />
    </Card>
  )
}
