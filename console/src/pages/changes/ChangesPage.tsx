import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { ChangeDrawer } from './ChangeDrawer'
import { ChangesList } from './ChangesList'
import { RulesTab } from './RulesTab'
import { CHANGE_PANES, type ChangesPane, type ChangesSearch } from './search'

/** What needs a second person: what waits for one, what became of it, and by which rules. */
export default function ChangesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/changes' })
  const pane = search.pane ?? 'changes'
  const asked = search.standing ?? 'pending'
  const state = asked === 'any' ? undefined : asked
  const change = (next: ChangesSearch) =>
    navigate({ to: '/changes', search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <Page
      title={t('pages.changes')}
      description={t('changes.description')}
      actions={
        <AsCode
          request={
            pane === 'rules'
              ? {
                  method: 'GET',
                  path: '/four-eyes',
                  sdk: 'four_eyes.get',
                  cli: 'mainspring changes four-eyes',
                }
              : {
                  method: 'GET',
                  path: '/changes',
                  query: { state },
                  sdk: 'changes.list',
                  cli: `mainspring changes list${state ? ` --state ${state}` : ''}`,
                }
          }
        />
      }
    >
      <Tabs.Root
        value={pane}
        onValueChange={(next) => change({ pane: next as ChangesPane, open: undefined })}
      >
        <Tabs.List aria-label={t('changes.views')} className="mb-4">
          {CHANGE_PANES.map((one) => (
            <Tabs.Trigger key={one} value={one}>
              {t(`changes.tabs.${one}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="changes" className="outline-offset-4">
          <ChangesList
            state={asked}
            openId={search.open}
            onState={(next) => change({ standing: next })}
            onOpen={(open) => change({ open })}
          />
        </Tabs.Content>
        <Tabs.Content value="rules" className="outline-offset-4">
          <Permitted permission="change:read" place="platform">
            <RulesTab />
          </Permitted>
        </Tabs.Content>
      </Tabs.Root>
      {search.open ? (
        <ChangeDrawer
          key={search.open}
          id={search.open}
          onClose={() => change({ open: undefined })}
        />
      ) : null}
    </Page>
  )
}
