import { useTranslation } from 'react-i18next'
import { percent } from '@/format/number'
import { cx } from '@/ui/cx'

/** How much of the error budget is left; what is overrun is told in words, for a bar cannot. */
export function BudgetMeter({ left, className }: { left: number; className?: string }) {
  const { t, i18n } = useTranslation()
  const shown = Math.min(Math.max(left, 0), 1)
  const words =
    left < 0
      ? t('objectives.overrun', { share: percent(-left, i18n.language) })
      : t('objectives.left', { share: percent(left, i18n.language) })
  return (
    <div className={className}>
      <div className="flex justify-between gap-3 text-sm">
        <span className="text-ink-soft">{t('objectives.budget')}</span>
        <span className={cx('tabular', left < 0 ? 'font-medium text-bad-ink' : 'text-ink')}>
          {words}
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter of their own */}
      <div
        role="meter"
        aria-label={t('objectives.budget')}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={shown}
        aria-valuetext={words}
        className={cx('mt-1.5 h-2 overflow-hidden rounded-full', left < 0 ? 'bg-bad' : 'bg-hover')}
      >
        <div
          className={cx('h-full', shown > 0.25 ? 'bg-ok' : 'bg-warn')}
          style={{ width: `${shown * 100}%` }}
        />
      </div>
    </div>
  )
}
