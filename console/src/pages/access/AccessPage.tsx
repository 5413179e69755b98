import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Library } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Permitted, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Page } from '@/ui/page'
import { Select } from '@/ui/select'
import { Tabs } from '@/ui/tabs'
import { GrantsList } from './GrantsList'
import { RequestDrawer } from './RequestDrawer'
import { RequestsList } from './RequestsList'
import { RulesTab } from './RulesTab'
import { ACCESS_VIEWS, type AccessSearch, type AccessView } from './search'

/** Who asked for which model, who has to agree, and what was granted. */
export default function AccessPage() {
  const { t } = useTranslation()
  const place = usePlace()
  const permits = usePermits()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/access' })
  const view = search.view ?? 'mine'
  const change = (next: AccessSearch) =>
    navigate({ to: '/access', search: (before) => ({ ...before, view, ...next }), replace: true })
  if (!place) return null
  const orgId = place.organization.id
  const broad = search.broad === true
  const inOrganization = ` -o ${place.organization.slug}`
  return (
    <Page
      title={t('pages.access')}
      description={t('accessRequests.description')}
      actions={
        <>
          <AsCode
            request={
              view === 'grants'
                ? {
                    method: 'GET',
                    path: '/model-grants',
                    query: { org_id: broad ? undefined : orgId },
                    sdk: 'model_grants.list',
                    cli: `mainspring access grants${broad ? '' : inOrganization}`,
                  }
                : view === 'rules'
                  ? {
                      method: 'GET',
                      path: '/access-rules',
                      query: { org_id: orgId },
                      sdk: 'access_rules.list',
                      cli: `mainspring access rules${inOrganization}`,
                    }
                  : {
                      method: 'GET',
                      path: `/organizations/${orgId}/access-requests`,
                      query: { view, state: search.state },
                      sdk: 'organizations.access_requests.list',
                      positional: [orgId],
                      cli: `mainspring access list --view ${view}${inOrganization}`,
                    }
            }
          />
          <Button asChild>
            <Link to="/catalog">
              <Library aria-hidden />
              {t('pages.catalog')}
            </Link>
          </Button>
        </>
      }
    >
      <Tabs.Root
        value={view}
        onValueChange={(next) => change({ view: next as AccessView, state: undefined })}
      >
        <Tabs.List
          aria-label={t('accessRequests.views')}
          className="mb-4 max-w-full overflow-x-auto"
        >
          {ACCESS_VIEWS.map((one) => (
            <Tabs.Trigger key={one} value={one}>
              {t(`accessRequests.tabs.${one}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {ACCESS_VIEWS.map((one) => (
          <Tabs.Content key={one} value={one} className="outline-offset-4">
            {one === 'grants' ? (
              <Permitted permission="access:read" place={broad ? 'platform' : { orgId }}>
                <GrantsList
                  place={place}
                  everywhere={broad}
                  actions={
                    permits('access:read', 'platform') ? (
                      <Select
                        aria-label={t('grants.of')}
                        value={broad ? 'platform' : 'organization'}
                        onChange={(event) =>
                          change({ broad: event.target.value === 'platform' || undefined })
                        }
                      >
                        <option value="organization">{t('audit.here')}</option>
                        <option value="platform">{t('grants.everywhere')}</option>
                      </Select>
                    ) : null
                  }
                />
              </Permitted>
            ) : one === 'rules' ? (
              <Permitted permission="access:read" place={{ orgId }}>
                <RulesTab orgId={orgId} />
              </Permitted>
            ) : (
              <RequestsList
                orgId={orgId}
                view={one}
                state={one === 'to_decide' ? undefined : search.state}
                openId={search.open}
                onState={(state) => change({ state })}
                onOpen={(open) => change({ open })}
              />
            )}
          </Tabs.Content>
        ))}
      </Tabs.Root>
      {search.open ? (
        <RequestDrawer
          key={search.open}
          id={search.open}
          orgId={orgId}
          onOther={(open) => change({ open })}
          onClose={() => change({ open: undefined })}
        />
      ) : null}
    </Page>
  )
}
