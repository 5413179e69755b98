import { CircleAlert, CircleCheck, CircleDashed, CircleX, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConnectionTest, Finding } from '@/api/types'
import { duration } from '@/format/number'
import { cx } from '@/ui/cx'
import { spoken } from './form'

const STEPS = ['address', 'dns', 'connect', 'tls', 'auth', 'models', 'call'] as const

const LOOKS = {
  passed: [CircleCheck, 'text-ok-ink'],
  warning: [CircleAlert, 'text-warn-ink'],
  failed: [CircleX, 'text-bad-ink'],
  skipped: [CircleDashed, 'text-ink-faint'],
} as const

/** The steps of a connection test: while it runs, what it will look at; then how each ended. */
export function Findings({ result, running }: { result: ConnectionTest | null; running: boolean }) {
  const { t, i18n } = useTranslation()
  if (running) {
    return (
      <ol aria-busy="true" className="space-y-1.5" aria-label={t('connectionTest.title')}>
        {STEPS.filter((step) => step !== 'call').map((step) => (
          <li key={step} className="flex items-center gap-2.5 text-ink-soft text-sm">
            <LoaderCircle aria-hidden className="size-4 animate-spin text-ink-faint" />
            {t(`connectionTest.steps.${step}`)}
          </li>
        ))}
      </ol>
    )
  }
  if (!result) return null
  return (
    <div role="status" data-passed={result.ok}>
      <p className={cx('mb-2 font-medium text-sm', result.ok ? 'text-ok-ink' : 'text-bad-ink')}>
        {t(result.ok ? 'connectionTest.passed' : 'connectionTest.failed', {
          time: duration(result.ms, i18n.language),
        })}
      </p>
      <ol className="space-y-2" aria-label={t('connectionTest.title')}>
        {result.findings.map((finding) => (
          <Step key={`${finding.step}/${finding.code}`} finding={finding} />
        ))}
      </ol>
    </div>
  )
}

function Step({ finding }: { finding: Finding }) {
  const { t, i18n } = useTranslation()
  const [Icon, tone] = LOOKS[finding.outcome]
  return (
    <li data-step={finding.step} data-outcome={finding.outcome} className="flex gap-2.5 text-sm">
      <Icon aria-hidden className={cx('mt-0.5 size-4 shrink-0', tone)} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium text-ink">{t(`connectionTest.steps.${finding.step}`)}</span>
          <span className={cx('text-xs', tone)}>
            {t(`connectionTest.outcomes.${finding.outcome}`)}
          </span>
          {finding.outcome === 'skipped' ? null : (
            <span className="tabular ms-auto text-ink-faint text-xs">
              {duration(finding.ms, i18n.language)}
            </span>
          )}
        </p>
        {finding.detail ? (
          <p className="wrap-anywhere text-ink-soft text-xs">{finding.detail}</p>
        ) : null}
        {finding.advice ? (
          <p className="text-ink text-sm">{spoken(finding.advice, i18n.language)}</p>
        ) : null}
      </div>
    </li>
  )
}
