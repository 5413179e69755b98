import { useTranslation } from 'react-i18next'
import { isOpen } from '@/api/oversight'
import type { Emergency } from '@/api/types'
import { Badge, type Tone } from '@/ui/status'

type StandingName = 'open' | 'unreviewed' | 'justified' | 'unjustified'

const TONES: Record<StandingName, Tone> = {
  open: 'bad',
  unreviewed: 'warn',
  justified: 'ok',
  unjustified: 'bad',
}

/** Where an emergency stands: what is over still waits for somebody to look at it. */
export function Standing({ emergency }: { emergency: Emergency }) {
  const { t } = useTranslation()
  const standing = isOpen(emergency) ? 'open' : (emergency.verdict ?? 'unreviewed')
  return (
    <Badge tone={TONES[standing]} dot>
      {t(`emergencies.standings.${standing}`)}
    </Badge>
  )
}
