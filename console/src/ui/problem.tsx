import { Hourglass, RotateCw, TriangleAlert } from 'lucide-react'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { asApiError, CHANGE_PENDING } from '@/api/problem'
import { useProblemText } from '@/i18n/problem-text'
import { Button } from './button'
import { CONFLICT, WhatToDoInConflict } from './conflict'
import { cx } from './cx'

interface ProblemProps {
  error: unknown
  onRetry?: () => void
  className?: string
}

/**
 * An error in words: what happened, what to do now, and the id to give to an operator. What waits
 * for a second person is none, and leads to where it waits; where somebody else was faster, the form
 * around it may say what to do.
 */
export function Problem({ error, onRetry, className }: ProblemProps) {
  const { t } = useTranslation()
  const words = useProblemText()(error)
  const { requestId, changeId, code } = asApiError(error)
  const whatToDo = useContext(WhatToDoInConflict)
  const conflict = code === CONFLICT ? whatToDo : null
  if (code === CHANGE_PENDING) {
    return (
      <div
        role="status"
        data-pending-change={changeId}
        className={cx('flex gap-3 rounded-lg bg-accent-soft px-3.5 py-3 text-sm', className)}
      >
        <Hourglass aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-ink" />
        <div className="min-w-0 flex-1 space-y-0.5">
          <p className="font-medium text-accent-ink">{words.title}</p>
          <p className="text-ink-soft">{words.nextStep}</p>
          {changeId ? (
            <a
              href={`/changes?open=${encodeURIComponent(changeId)}`}
              className="font-medium text-accent-ink underline underline-offset-2"
            >
              {t('changes.see')}
            </a>
          ) : null}
        </div>
      </div>
    )
  }
  return (
    <div
      role="alert"
      className={cx('flex gap-3 rounded-lg bg-bad-soft px-3.5 py-3 text-sm', className)}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad-ink" />
      <div className="min-w-0 flex-1 space-y-0.5">
        <p className="font-medium text-bad-ink">{words.title}</p>
        {words.detail ? <p className="wrap-anywhere text-ink">{words.detail}</p> : null}
        {words.nextStep && !conflict ? <p className="text-ink-soft">{words.nextStep}</p> : null}
        {requestId ? (
          <p className="text-ink-soft text-xs">
            {t('common.requestId')} <code className="font-mono">{requestId}</code>
          </p>
        ) : null}
        {conflict ? <div className="pt-1.5">{conflict}</div> : null}
      </div>
      {onRetry ? (
        <Button size="sm" onClick={onRetry} icon={<RotateCw aria-hidden />}>
          {t('common.retry')}
        </Button>
      ) : null}
    </div>
  )
}
