import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Permitted, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import { shellQuote } from '@/format/snippets'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { EffectiveTab } from './EffectiveTab'
import { PoliciesTab } from './PoliciesTab'
import { POLICY_TABS, type PoliciesSearch, type PolicyTab } from './search'

/** What calls may say, what holds in the end, and whose word it is. */
export default function PoliciesPage() {
  const { t } = useTranslation()
  const place = usePlace()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/policies' })
  const permits = usePermits()
  if (!place) return null
  // Whoever reads no list of the organisation's still reads what holds for the project.
  const reads = permits('policy:read', { orgId: place.organization.id })
  const shows = search.shows ?? (reads ? 'written' : 'effective')
  const change = (next: PoliciesSearch) =>
    navigate({ to: '/policies', search: (before) => ({ ...before, ...next }), replace: true })
  const orgId = place.organization.id
  const whose = { project: place.project.id, key: search.key, model: search.model }
  return (
    <Page
      title={t('pages.policies')}
      description={t('policies.description')}
      actions={
        <AsCode
          request={
            shows === 'written'
              ? {
                  method: 'GET',
                  path: '/policies',
                  query: { org_id: orgId },
                  sdk: 'policies.list',
                  cli: `mainspring policy list -o ${place.organization.slug}`,
                }
              : {
                  method: 'GET',
                  path: '/policies/effective',
                  query: whose,
                  sdk: 'policies.effective.get',
                  cli: [
                    `mainspring policy effective -p ${place.project.slug}`,
                    search.key ? ` --key ${search.key}` : '',
                    search.model ? ` --model ${shellQuote(search.model)}` : '',
                  ].join(''),
                }
          }
        />
      }
    >
      <Permitted permission="policy:read">
        <Tabs.Root
          value={shows}
          onValueChange={(next) => change({ shows: next as PolicyTab, policy: undefined })}
        >
          <Tabs.List aria-label={t('policies.views')} className="mb-4">
            {POLICY_TABS.map((one) => (
              <Tabs.Trigger key={one} value={one}>
                {t(`policies.tabs.${one}`)}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Tabs.Content value="written" className="outline-offset-4">
            <PoliciesTab
              place={place}
              openId={search.policy}
              onOpen={(policy) => change({ policy })}
            />
          </Tabs.Content>
          <Tabs.Content value="effective" className="outline-offset-4">
            <EffectiveTab place={place} whose={whose} onChange={change} />
          </Tabs.Content>
        </Tabs.Root>
      </Permitted>
    </Page>
  )
}
