import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Permitted, usePermits } from '@/app/permission'
import { usePlace } from '@/app/session'
import type { ApiRequest } from '@/format/api-snippets'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { AccountsTab } from './AccountsTab'
import { ExplainTab } from './ExplainTab'
import { GroupsTab } from './GroupsTab'
import { InvitationsTab } from './InvitationsTab'
import { MembersTab } from './MembersTab'
import { RolesTab } from './RolesTab'
import { PEOPLE_TABS, type PeopleTab } from './tabs'

/** Who belongs to the organisation, what they may do, and why. */
export default function PeoplePage() {
  const { t } = useTranslation()
  const place = usePlace()
  const permits = usePermits()
  const { view = 'members' } = useSearch({ from: '/app/people' })
  const navigate = useNavigate()
  const tabs = PEOPLE_TABS.filter((one) => one !== 'accounts' || permits('user:read', 'platform'))
  if (!place) return null
  const organization = place.organization
  const orgId = organization.id
  const contents: Record<PeopleTab, React.ReactNode> = {
    members: <MembersTab place={place} />,
    groups: <GroupsTab orgId={orgId} />,
    invitations: <InvitationsTab place={place} />,
    roles: <RolesTab orgId={orgId} />,
    explain: <ExplainTab place={place} />,
    accounts: <AccountsTab />,
  }
  const within = { positional: [orgId] }
  const inOrganization = ` -o ${organization.slug}`
  // Members and explanations say it beside what they narrow by.
  const requests: Partial<Record<PeopleTab, ApiRequest>> = {
    groups: {
      method: 'GET',
      path: `/organizations/${orgId}/groups`,
      sdk: 'organizations.groups.list',
      cli: `mainspring groups list${inOrganization}`,
      ...within,
    },
    invitations: {
      method: 'GET',
      path: `/organizations/${orgId}/invitations`,
      sdk: 'organizations.invitations.list',
      cli: { none: 'invitations' },
      ...within,
    },
    roles: {
      method: 'GET',
      path: `/organizations/${orgId}/roles`,
      sdk: 'organizations.roles.list',
      cli: `mainspring roles list${inOrganization}`,
      ...within,
    },
    accounts: {
      method: 'GET',
      path: '/users',
      sdk: 'users.list',
      cli: 'mainspring users list',
    },
  }
  const request = requests[view]
  return (
    <Page
      title={t('pages.people')}
      description={t('people.description', { organization: organization.name })}
      actions={request ? <AsCode request={request} /> : null}
    >
      <Tabs.Root
        value={view}
        onValueChange={(next) =>
          navigate({
            to: '/people',
            search: (before) => ({ ...before, view: next as PeopleTab }),
            replace: true,
          })
        }
      >
        <Tabs.List aria-label={t('people.views')} className="mb-4 max-w-full overflow-x-auto">
          {tabs.map((one) => (
            <Tabs.Trigger key={one} value={one}>
              {t(`people.tabs.${one}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {tabs.map((one) => (
          <Tabs.Content key={one} value={one} className="outline-offset-4">
            {one === 'accounts' || one === 'explain' ? (
              contents[one]
            ) : (
              <Permitted
                permission={one === 'roles' ? 'role:read' : 'member:read'}
                place={{ orgId }}
              >
                {contents[one]}
              </Permitted>
            )}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Page>
  )
}
