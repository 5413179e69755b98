import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Permitted, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import type { ApiRequest } from '@/format/api-snippets'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Select } from '@/ui/select'
import { Tabs } from '@/ui/tabs'
import { AlertsTab } from './AlertsTab'
import { ChannelsTab } from './ChannelsTab'
import { pathOf } from './queries'
import { SilencesTab } from './SilencesTab'
import { ALERT_SECTIONS, type AlertSection, type AlertsSearch, OWNERS } from './search'

/** What is wrong, who is told of it by which way, and what nobody wants to hear of for a time. */
export default function AlertsPage() {
  const { t } = useTranslation()
  const place = usePlace()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/alerts' })
  const permits = usePermits()
  const section = search.section ?? 'alerts'
  const change = (next: AlertsSearch) =>
    navigate({ to: '/alerts', search: (before) => ({ ...before, ...next }), replace: true })
  if (!place) return null
  const seesPlatform = permits('alert:read', 'platform')
  const of = search.of ?? (seesPlatform ? 'platform' : 'organization')
  const owner = of === 'platform' ? null : place.organization.id
  const where = owner ? { orgId: owner } : ('platform' as const)
  const at = owner ? ` -o ${place.organization.slug}` : ''
  const within = owner ? { positional: [owner] } : {}
  const requests: Record<AlertSection, ApiRequest> = {
    alerts: {
      method: 'GET',
      path: pathOf(owner, 'alerts'),
      query: {
        state: search.stage === 'all' ? undefined : (search.stage ?? 'firing'),
        severity: search.severity,
      },
      sdk: owner ? 'organizations.alerts.list' : 'alerts.list',
      cli: `mainspring alerts list${search.stage && search.stage !== 'firing' ? ' --all' : ''}${at}`,
      ...within,
    },
    channels: {
      method: 'GET',
      path: pathOf(owner, 'notification-channels'),
      sdk: owner ? 'organizations.notification_channels.list' : 'notification_channels.list',
      cli: `mainspring alerts channels${at}`,
      ...within,
    },
    silences: {
      method: 'GET',
      path: pathOf(owner, 'silences'),
      query: { with_past: search.past ? true : undefined },
      sdk: owner ? 'organizations.silences.list' : 'silences.list',
      cli: `mainspring alerts silences${at}`,
      ...within,
    },
  }
  const shared = {
    owner,
    where,
    openId: search.open,
    onOpen: (open: string | undefined) => change({ open }),
  }
  const contents: Record<AlertSection, ReactNode> = {
    alerts: (
      <AlertsTab
        {...shared}
        stage={search.stage ?? 'firing'}
        severity={search.severity}
        onFilter={change}
      />
    ),
    channels: <ChannelsTab {...shared} />,
    silences: (
      <SilencesTab
        owner={owner}
        where={where}
        past={search.past === 1}
        onPast={(past) => change({ past: past ? 1 : undefined })}
      />
    ),
  }
  return (
    <Page
      title={t('pages.alerts')}
      description={t('alerts.description')}
      actions={
        <>
          {seesPlatform || of === 'platform' ? (
            <Select
              aria-label={t('alerts.of')}
              value={of}
              onChange={(event) =>
                change({ of: OWNERS.find((one) => one === event.target.value), open: undefined })
              }
            >
              <option value="platform">{t('alerts.ofPlatform')}</option>
              <option value="organization">
                {t('usage.ofOrganization', { name: place.organization.name })}
              </option>
            </Select>
          ) : null}
          <AsCode request={requests[section]} />
        </>
      }
    >
      <Permitted permission="alert:read" place={where}>
        <Tabs.Root
          value={section}
          onValueChange={(next) => change({ section: next as AlertSection, open: undefined })}
        >
          <Tabs.List aria-label={t('alerts.sections')} className="mb-4 max-w-full overflow-x-auto">
            {ALERT_SECTIONS.map((one) => (
              <Tabs.Trigger key={one} value={one}>
                {t(`alerts.tabs.${one}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          {ALERT_SECTIONS.map((one) => (
            <Tabs.Content key={one} value={one} className="outline-offset-4">
              {contents[one]}
            </Tabs.Content>
          ))}
        </Tabs.Root>
      </Permitted>
    </Page>
  )
}
