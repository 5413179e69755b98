import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Monitor, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionButton, Permitted } from '@/app/permission'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { AlertsList } from './AlertsList'
import { Kiosk } from './Kiosk'
import { ObjectiveDialog } from './ObjectiveDialog'
import { ObjectiveDrawer } from './ObjectiveDrawer'
import { ObjectivesGrid } from './ObjectivesGrid'
import { OBJECTIVE_FACES, type ObjectiveFace, type ObjectivesSearch } from './search'

/** What is promised, how much of the error budget is left, and which alerts are open. */
export default function ObjectivesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/objectives' })
  const [adding, setAdding] = useState(false)
  const face = search.face ?? 'objectives'
  const change = (next: ObjectivesSearch) =>
    navigate({ to: '/objectives', search: (before) => ({ ...before, ...next }), replace: true })
  const open = (objective: string | undefined) => change({ objective })
  if (search.kiosk) {
    return (
      <Permitted permission="slo:read" place="platform">
        <Kiosk onLeave={() => change({ kiosk: undefined })} />
      </Permitted>
    )
  }
  return (
    <Page
      title={t('pages.objectives')}
      description={t('objectives.description')}
      actions={
        <>
          <AsCode
            request={
              face === 'alerts'
                ? {
                    method: 'GET',
                    path: '/slos/alerts',
                    sdk: 'slos.alerts.list',
                    cli: 'mainspring alerts list --all',
                  }
                : {
                    method: 'GET',
                    path: '/slos',
                    sdk: 'slos.list',
                    cli: 'mainspring slos list',
                  }
            }
          />
          <Button asChild>
            <Link to="/objectives" search={(before) => ({ ...before, kiosk: 1 as const })}>
              <Monitor aria-hidden />
              {t('objectives.wall')}
            </Link>
          </Button>
          <ActionButton
            permission="slo:write"
            place="platform"
            tone="primary"
            icon={<Plus aria-hidden />}
            onClick={() => setAdding(true)}
          >
            {t('objectives.add')}
          </ActionButton>
        </>
      }
    >
      <Permitted permission="slo:read" place="platform">
        <Tabs.Root
          value={face}
          onValueChange={(next) => change({ face: next as ObjectiveFace, objective: undefined })}
        >
          <Tabs.List aria-label={t('objectives.faces')} className="mb-4">
            {OBJECTIVE_FACES.map((one) => (
              <Tabs.Trigger key={one} value={one}>
                {t(`objectives.tabs.${one}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Tabs.Content value="objectives" className="outline-offset-4">
            <ObjectivesGrid onOpen={open} onAdd={() => setAdding(true)} />
          </Tabs.Content>
          <Tabs.Content value="alerts" className="outline-offset-4">
            <AlertsList onOpen={open} />
          </Tabs.Content>
        </Tabs.Root>
        {search.objective ? (
          <ObjectiveDrawer
            key={search.objective}
            id={search.objective}
            onClose={() => open(undefined)}
          />
        ) : null}
      </Permitted>
      {adding ? (
        <ObjectiveDialog slo={null} onClose={() => setAdding(false)} onSaved={open} />
      ) : null}
    </Page>
  )
}
