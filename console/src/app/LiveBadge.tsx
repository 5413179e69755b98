import { useTranslation } from 'react-i18next'
import type { LiveState } from '@/api/live'
import { Dot, type Tone } from '@/ui/status'
import { useLiveState } from './live'

const TONES: Record<LiveState, Tone> = { live: 'ok', connecting: 'idle', offline: 'warn' }

/** Says whether the screen follows the platform as it runs, or shows what was last known. */
export function LiveBadge() {
  const { t } = useTranslation()
  const state = useLiveState()
  return (
    <span
      role="status"
      title={t(`live.${state}Hint`)}
      data-live={state}
      className="me-1 flex h-7 items-center gap-2 rounded-md px-2 font-medium text-ink-soft text-xs"
    >
      <Dot tone={TONES[state]} pulse={state === 'live'} />
      <span className="max-sm:sr-only">{t(`live.${state}`)}</span>
    </span>
  )
}
