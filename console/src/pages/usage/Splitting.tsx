import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNames } from '@/app/names'
import {
  byOf,
  DIMENSIONS,
  type Dimension,
  MOST_DIMENSIONS,
  NARROWINGS,
  type Narrowing,
} from './search'

interface SplittingProps {
  dimensions: Dimension[]
  narrowed: Partial<Record<Narrowing, string | undefined>>
  onBy: (by: string | undefined) => void
  onWiden: (narrowing: Narrowing) => void
}

/** By what the sums are split, in the order of choice, and to what they are narrowed down. */
export function Splitting({ dimensions, narrowed, onBy, onWiden }: SplittingProps) {
  const { t } = useTranslation()
  const names = useNames()
  const full = dimensions.length >= MOST_DIMENSIONS
  const toggle = (one: Dimension) => {
    const rest = dimensions.filter((each) => each !== one)
    if (rest.length === dimensions.length) onBy(byOf([...dimensions, one]))
    else if (rest.length > 0) onBy(byOf(rest))
  }
  const filters = NARROWINGS.flatMap((name) => {
    const id = narrowed[name]
    return id === undefined ? [] : [{ name, words: name === 'model' ? id : names(id) }]
  })
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend to be seen */}
      <div role="group" aria-label={t('usage.by')} className="flex flex-wrap items-center gap-1.5">
        <span aria-hidden className="me-1 text-ink-faint text-xs">
          {t('usage.by')}
        </span>
        {DIMENSIONS.map((one) => {
          const chosen = dimensions.includes(one)
          return (
            <button
              key={one}
              type="button"
              aria-pressed={chosen}
              disabled={!chosen && full}
              title={!chosen && full ? t('usage.full', { count: MOST_DIMENSIONS }) : undefined}
              onClick={() => toggle(one)}
              className="h-7 rounded-md border border-line bg-surface px-2.5 font-medium text-ink-soft text-xs transition-colors hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-55 aria-pressed:border-accent-ink aria-pressed:bg-accent-soft aria-pressed:text-accent-ink max-sm:h-8"
            >
              {t(`usage.dimensions.${one}`)}
            </button>
          )
        })}
      </div>
      {filters.map(({ name, words }) => (
        <button
          key={name}
          type="button"
          data-narrowed={name}
          onClick={() => onWiden(name)}
          className="inline-flex h-7 max-w-80 items-center gap-1.5 rounded-md bg-accent-soft px-2.5 font-medium text-accent-ink text-xs hover:bg-hover max-sm:h-8"
        >
          <span className="truncate">
            {t(`usage.dimensions.${name}`)}
            {t('common.colon')}
            {words}
          </span>
          <X aria-hidden className="size-3.5 shrink-0" />
          <span className="sr-only">{t('usage.widen')}</span>
        </button>
      ))}
    </div>
  )
}
