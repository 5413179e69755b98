import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { emergenciesQuery, isOpen } from '@/api/oversight'
import { useNow } from '@/ui/time'
import { chunk } from './chunk'
import { usePermits } from './permission'

const FRESH_MS = 15_000

// Hardly ever needed: what nobody sees is not fetched.
const EmergencyBar = lazy(chunk(() => import('./EmergencyBar')))

/** Says on every page that somebody acts at once and alone, to everybody who may know. */
export function EmergencyBanner() {
  const sees = usePermits()('break_glass:read', 'platform')
  return sees ? <OpenEmergencies /> : null
}

function OpenEmergencies() {
  const { t } = useTranslation()
  const now = useNow(FRESH_MS)
  const { data } = useQuery({ ...emergenciesQuery, refetchInterval: FRESH_MS })
  const open = (data?.items ?? []).filter((one) => isOpen(one, now))
  return (
    <div role="status" aria-label={t('emergencies.banner')}>
      <Suspense>
        {open.map((one) => (
          <EmergencyBar key={one.id} emergency={one} />
        ))}
      </Suspense>
    </div>
  )
}
