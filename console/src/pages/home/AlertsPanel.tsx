import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { SEVERITY_TONES, summaryIn, worstFirst } from '@/pages/alerts/matching'
import { firingQuery } from '@/pages/alerts/queries'
import { Card, CardHeader } from '@/ui/card'
import { Badge } from '@/ui/status'
import { RelativeTime } from '@/ui/time'

/** So many are shown; the page of alerts has them all. */
const MOST = 5

/** What fires now, the worst first, for whoever may see the platform's or the organisation's. */
export function AlertsPanel() {
  const { t, i18n } = useTranslation()
  const place = usePlace()
  const permits = usePermits()
  const orgId = place?.organization.id ?? ''
  const ofPlatform = permits('alert:read', 'platform')
  const { data } = useQuery({
    ...firingQuery(ofPlatform ? null : orgId),
    enabled: ofPlatform || (place !== null && permits('alert:read', { orgId })),
  })
  if (!data) return null
  const firing = worstFirst(data.items)
  return (
    <Card aria-labelledby="alerts" data-firing={firing.length}>
      <CardHeader id="alerts" title={t('pages.alerts')}>
        <Badge tone={firing[0] ? SEVERITY_TONES[firing[0].severity] : 'ok'} dot>
          {firing.length === 0 ? t('home.noAlerts') : t('home.alerts', { count: firing.length })}
        </Badge>
      </CardHeader>
      {firing.length > 0 ? (
        <ul className="pb-2">
          {firing.slice(0, MOST).map((one) => (
            <li key={one.id} className="px-4 py-1.5 sm:px-5">
              <Link
                to="/alerts"
                search={{ open: one.id }}
                className="flex items-center gap-3 rounded text-ink text-sm underline-offset-2 hover:underline"
              >
                <Badge tone={SEVERITY_TONES[one.severity]}>
                  {t(`alerts.severities.${one.severity}`)}
                </Badge>
                <span className="min-w-0 flex-1 truncate">
                  {summaryIn(one, i18n.language) || one.name}
                </span>
                <span className="text-ink-faint text-xs">
                  <RelativeTime at={one.started_at} />
                </span>
              </Link>
            </li>
          ))}
          {firing.length > MOST ? (
            <li className="px-4 py-1.5 text-sm sm:px-5">
              <Link to="/alerts" className="text-accent-ink underline underline-offset-2">
                {t('home.allAlerts')}
              </Link>
            </li>
          ) : null}
        </ul>
      ) : null}
    </Card>
  )
}
