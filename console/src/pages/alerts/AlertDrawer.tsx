import { useQuery } from '@tanstack/react-query'
import { BellOff, BookOpenText } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from '@/api/access'
import type { Alert } from '@/api/types'
import { useNames } from '@/app/names'
import { ActionButton } from '@/app/permission'
import { fullTime } from '@/format/time'
import { Button } from '@/ui/button'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge } from '@/ui/status'
import { useNow } from '@/ui/time'
import { SEVERITY_TONES, silencedBy, summaryIn, written } from './matching'
import { alertQuery, type OwnerId, presentSilencesQuery } from './queries'
import { SilenceDialog } from './SilenceDialog'

interface AlertDrawerProps {
  id: string
  owner: OwnerId
  where: Place
  onClose: () => void
}

/** One alert: what it says, since when, what to do about it, and how to have quiet. */
export function AlertDrawer({ id, owner, where, onClose }: AlertDrawerProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const { data: alert, error, refetch } = useQuery(alertQuery(id))
  const [silencing, setSilencing] = useState(false)
  const runbook = alert
    ? (language.startsWith('zh') && alert.runbook_url_zh) || alert.runbook_url
    : ''
  return (
    <Drawer
      title={alert ? summaryIn(alert, language) || alert.name : t('alerts.alert')}
      description={alert ? <code className="font-mono text-xs">{alert.name}</code> : null}
      actions={
        alert ? (
          <>
            {runbook ? (
              <Button asChild>
                <a href={runbook} target="_blank" rel="noreferrer">
                  <BookOpenText aria-hidden />
                  {t('alerts.runbook')}
                </a>
              </Button>
            ) : null}
            <ActionButton
              permission="alert:write"
              place={where}
              icon={<BellOff aria-hidden />}
              onClick={() => setSilencing(true)}
            >
              {t('silences.silence')}
            </ActionButton>
          </>
        ) : null
      }
      onClose={onClose}
    >
      {error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : alert ? (
        <Told alert={alert} owner={owner} />
      ) : (
        <SkeletonRows />
      )}
      {silencing && alert ? (
        <SilenceDialog
          owner={owner}
          matchers={[
            { label: 'alertname', value: alert.name },
            ...Object.entries(alert.labels)
              .filter(([label]) => label !== 'alertname' && label !== 'severity')
              .map(([label, value]) => ({ label, value })),
          ].slice(0, 20)}
          onClose={() => setSilencing(false)}
        />
      ) : null}
    </Drawer>
  )
}

function Told({ alert, owner }: { alert: Alert; owner: OwnerId }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const names = useNames()
  const silences = useQuery(presentSilencesQuery(owner))
  const now = Math.max(useNow(15_000), Date.now())
  const quiet =
    alert.state === 'firing' ? silencedBy(alert, silences.data?.items ?? [], now) : undefined
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap gap-2">
        <Badge tone={SEVERITY_TONES[alert.severity]}>
          {t(`alerts.severities.${alert.severity}`)}
        </Badge>
        <Badge tone={alert.state === 'firing' ? 'bad' : 'ok'} dot>
          {t(`alerts.states.${alert.state}`)}
        </Badge>
        {quiet ? <Badge>{t('alerts.silenced')}</Badge> : null}
      </div>
      {quiet ? (
        <p className="wrap-anywhere rounded-lg bg-sunken px-3.5 py-2.5 text-ink-soft text-sm">
          {t('alerts.silencedBy', {
            name: names(quiet.created_by),
            time: fullTime(quiet.until, language),
            reason: quiet.reason,
          })}
        </p>
      ) : null}
      {alert.description ? (
        <p className="wrap-anywhere max-w-prose text-ink text-sm">{alert.description}</p>
      ) : null}
      <Facts
        facts={[
          { id: 'source', name: t('alerts.source'), value: alert.source },
          {
            id: 'started',
            name: t('alerts.startedAt'),
            value: fullTime(alert.started_at, language),
          },
          { id: 'seen', name: t('alerts.seenAt'), value: fullTime(alert.seen_at, language) },
          {
            id: 'ended',
            name: t('alerts.endedAt'),
            value: alert.ended_at ? fullTime(alert.ended_at, language) : null,
          },
          { id: 'id', name: t('common.id'), value: alert.id },
        ]}
      />
      <section aria-labelledby="labels">
        <h3 id="labels" className="mb-2 font-medium text-ink text-sm">
          {t('alerts.labels')}
        </h3>
        {Object.keys(alert.labels).length === 0 ? (
          <p className="text-ink-soft text-sm">{t('common.none')}</p>
        ) : (
          <ul className="flex flex-wrap gap-1.5">
            {Object.entries(alert.labels).map(([label, value]) => (
              <li
                key={label}
                className="wrap-anywhere rounded-md border border-line bg-surface px-2 py-0.5 font-mono text-ink-soft text-xs"
              >
                {written({ label, value })}
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  )
}
