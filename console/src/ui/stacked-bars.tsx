import { useTranslation } from 'react-i18next'
import { cx } from './cx'

export interface BarSeries {
  id: string
  name: string
  /** A CSS colour, usually a token. */
  color: string
}

export interface BarStep {
  at: number
  label: string
  values: Record<string, number> | null
}

interface StackedBarsProps {
  series: BarSeries[]
  steps: BarStep[]
  format: (value: number) => string
  className?: string
}

const sumOf = ({ values }: BarStep) =>
  Object.values(values ?? {}).reduce((sum, value) => sum + value, 0)

/** Bars over time, stacked by series. A drawing of figures that a table beside it says in words. */
export function StackedBars({ series, steps, format, className }: StackedBarsProps) {
  const { t } = useTranslation()
  const top = Math.max(...steps.map(sumOf), 0)
  return (
    <div aria-hidden className={cx('flex flex-col', className)}>
      <div className="tabular flex justify-between text-2xs text-ink-faint">
        <span>{top > 0 ? format(top) : null}</span>
      </div>
      <div className="flex min-h-0 flex-1 items-end gap-[2px] border-(--chart-grid) border-t border-b">
        {steps.map((step) => (
          <div
            key={step.at}
            className="group relative flex h-full min-w-0 flex-1 flex-col-reverse hover:bg-hover/60"
          >
            {step.values === null ? (
              <span data-loading className="h-full w-full animate-shimmer bg-hover/60" />
            ) : (
              series.map(({ id, color }) => {
                const value = step.values?.[id] ?? 0
                return value > 0 && top > 0 ? (
                  <span
                    key={id}
                    className="w-full"
                    style={{ height: `${(value / top) * 100}%`, background: color }}
                  />
                ) : null
              })
            )}
            <div className="pointer-events-none absolute bottom-full left-1/2 z-10 hidden w-max max-w-56 -translate-x-1/2 rounded-lg border border-line bg-raised px-3 py-2 text-xs shadow-float group-hover:block">
              <p className="tabular text-ink-faint">{step.label}</p>
              <ul className="mt-1 space-y-0.5">
                {series.map(({ id, name, color }) => (
                  <li key={id} className="flex items-center gap-2 text-ink">
                    <Swatch color={color} />
                    <span className="truncate text-ink-soft">{name}</span>
                    <span className="tabular ms-auto ps-3 font-medium">
                      {step.values === null ? t('common.none') : format(step.values[id] ?? 0)}
                    </span>
                  </li>
                ))}
              </ul>
            </div>
          </div>
        ))}
      </div>
      <div className="tabular mt-1 flex justify-between text-2xs text-ink-faint">
        <span>{steps[0]?.label}</span>
        <span>{steps.at(-1)?.label}</span>
      </div>
    </div>
  )
}

export function Swatch({ color }: { color: string }) {
  return (
    <span
      aria-hidden
      className="inline-block size-2 shrink-0 rounded-full"
      style={{ background: color }}
    />
  )
}
