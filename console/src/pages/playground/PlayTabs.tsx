import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PLAYS, type Play } from './search'

/** The ways to try models; each has its own models, so none is taken along. */
export function PlayTabs({ play }: { play: Play }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend to be seen
    <div
      role="group"
      aria-label={t('playground.ways')}
      className="inline-flex h-9 items-center gap-0.5 rounded-lg bg-sunken p-0.5"
    >
      {PLAYS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === play}
          onClick={() =>
            navigate({
              to: '/playground',
              search: (before) => ({
                ...before,
                play: one === 'chat' ? undefined : one,
                model: undefined,
                beside: undefined,
              }),
            })
          }
          className="h-8 whitespace-nowrap rounded-md px-3 font-medium text-ink-soft text-xs transition-colors hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink aria-pressed:shadow-card"
        >
          {t(`playground.plays.${one}`)}
        </button>
      ))}
    </div>
  )
}
