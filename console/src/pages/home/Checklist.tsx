import { Link } from '@tanstack/react-router'
import { Check, LoaderCircle, MessagesSquare, PartyPopper } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Model, Part } from '@/api/types'
import { duration } from '@/format/number'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { cx } from '@/ui/cx'
import { FirstCall } from './FirstCall'
import { partName } from './part-name'
import type { Progress, Step } from './progress'

interface ChecklistProps {
  progress: Progress
  parts: Part[] | undefined
  models: Model[] | undefined
}

/** The way to the first answer. Steps tick themselves as the platform reports. */
export function Checklist({ progress, parts = [], models = [] }: ChecklistProps) {
  const { t, i18n } = useTranslation()
  const done = progress.steps.filter((step) => step.done).length
  const waiting = parts.filter(({ state }) => state !== 'ready').map((part) => partName(t, part))
  const list = new Intl.ListFormat(i18n.language)
  const { firstAnswer } = progress

  const details: Record<Step['id'], string> = {
    parts:
      waiting.length > 0
        ? t('home.steps.parts.waiting', { names: list.format(waiting) })
        : t('home.steps.parts.done', { count: parts.length }),
    model:
      models.length > 0
        ? t('home.steps.model.done', { names: list.format(models.map(({ name }) => name)) })
        : t('home.steps.model.waiting'),
    request: firstAnswer
      ? t('home.steps.request.done', {
          model: firstAnswer.model,
          duration: duration(firstAnswer.duration_ms, i18n.language),
        })
      : t('home.steps.request.waiting'),
  }

  return (
    <Card aria-labelledby="checklist" className="overflow-hidden">
      <CardHeader
        id="checklist"
        title={progress.finished ? t('home.checklistDone') : t('home.checklist')}
        hint={t('home.checklistCount', { done, total: progress.steps.length })}
      >
        {progress.finished ? <PartyPopper aria-hidden className="size-5 text-brass" /> : null}
      </CardHeader>
      <ol className="px-4 pb-4 sm:px-5 sm:pb-5">
        {progress.steps.map((step, index) => {
          const next = !step.done && progress.steps.slice(0, index).every((one) => one.done)
          return (
            <li
              key={step.id}
              data-step={step.id}
              data-done={step.done}
              className="relative flex gap-3.5 pb-5 last:pb-0"
            >
              {index < progress.steps.length - 1 ? (
                <span aria-hidden className="absolute start-3 top-7 bottom-1 w-px bg-line" />
              ) : null}
              <Mark step={step} working={next && step.id !== 'request'} />
              <div className="min-w-0 flex-1 pt-0.5">
                <p className="font-medium text-base text-ink">
                  {t(`home.steps.${step.id}.title`)}
                  <span className="sr-only">
                    {t('common.colon')}
                    {step.done ? t('home.done') : t('home.open')}
                  </span>
                </p>
                <p role="status" className="text-ink-soft text-sm">
                  {details[step.id]}
                </p>
                {step.id === 'request' && !step.done ? (
                  <div className="mt-3 max-w-3xl space-y-3">
                    <FirstCall models={models} />
                    <div className="flex flex-wrap items-center gap-2 text-ink-soft text-sm">
                      {t('home.orPlayground')}
                      <Button asChild size="sm">
                        <Link to="/playground">
                          <MessagesSquare aria-hidden />
                          {t('pages.playground')}
                        </Link>
                      </Button>
                    </div>
                  </div>
                ) : null}
              </div>
            </li>
          )
        })}
      </ol>
    </Card>
  )
}

function Mark({ step, working }: { step: Step; working: boolean }) {
  return (
    <span
      aria-hidden
      className={cx(
        'z-10 grid size-6 shrink-0 place-items-center rounded-full transition-colors',
        step.done ? 'bg-ok-soft text-ok-ink' : 'border-2 border-line-strong bg-surface',
      )}
    >
      {step.done ? <Check className="size-4 animate-rise" strokeWidth={2.5} /> : null}
      {working ? <LoaderCircle className="size-3.5 animate-spin text-ink-faint" /> : null}
    </span>
  )
}
