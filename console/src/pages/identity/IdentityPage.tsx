import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { usePlace } from '@/app/session'
import type { ApiRequest } from '@/format/api-snippets'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { DirectoryTab } from './DirectoryTab'
import { IssuersTab } from './IssuersTab'
import { ProvidersTab } from './ProvidersTab'
import { ServiceAccountsTab } from './ServiceAccountsTab'
import { IDENTITY_TABS, type IdentityTab } from './tabs'

const NEEDS: Record<IdentityTab, string> = {
  providers: 'identity_provider:read',
  directory: 'identity_provider:read',
  accounts: 'service_account:read',
  issuers: 'token_issuer:read',
}

/** Who vouches for people and machines: sign-in, directories, service accounts, token issuers. */
export default function IdentityPage() {
  const { t } = useTranslation()
  const place = usePlace()
  const navigate = useNavigate()
  const search = useSearch({ from: '/app/identity' })
  const part = search.part ?? 'providers'
  if (!place) return null
  const orgId = place.organization.id
  const choose = (open: string | undefined) =>
    navigate({ to: '/identity', search: (before) => ({ ...before, open }), replace: true })
  const everywhere = search.everywhere ?? false
  const setEverywhere = (all: boolean) =>
    navigate({
      to: '/identity',
      search: (before) => ({ ...before, everywhere: all || undefined, open: undefined }),
      replace: true,
    })
  const within = { positional: [orgId] }
  const inOrganization = ` -o ${place.organization.slug}`
  const requests: Record<IdentityTab, ApiRequest> = {
    providers: everywhere
      ? {
          method: 'GET',
          path: '/identity-providers',
          sdk: 'identity_providers.list',
          cli: 'mainspring providers list',
        }
      : {
          method: 'GET',
          path: `/organizations/${orgId}/identity-providers`,
          sdk: 'organizations.identity_providers.list',
          cli: `mainspring providers list${inOrganization}`,
          ...within,
        },
    directory: {
      method: 'GET',
      path: `/organizations/${orgId}/directory-tokens`,
      sdk: 'organizations.directory_tokens.list',
      cli: `mainspring directories list${inOrganization}`,
      ...within,
    },
    accounts: {
      method: 'GET',
      path: `/organizations/${orgId}/service-accounts`,
      query: { owner_left: search.left },
      sdk: 'organizations.service_accounts.list',
      cli: `mainspring service-accounts list${search.left ? ' --owner-left' : ''}${inOrganization}`,
      ...within,
    },
    issuers: {
      method: 'GET',
      path: `/organizations/${orgId}/token-issuers`,
      sdk: 'organizations.token_issuers.list',
      cli: `mainspring issuers list${inOrganization}`,
      ...within,
    },
  }
  const shared = { orgId, openId: search.open, onOpen: choose }
  const contents: Record<IdentityTab, ReactNode> = {
    providers: <ProvidersTab {...shared} everywhere={everywhere} onEverywhere={setEverywhere} />,
    directory: <DirectoryTab orgId={orgId} />,
    accounts: (
      <ServiceAccountsTab
        {...shared}
        place={place}
        left={search.left ?? false}
        onLeft={(left) =>
          navigate({
            to: '/identity',
            search: (before) => ({ ...before, left: left || undefined, open: undefined }),
            replace: true,
          })
        }
      />
    ),
    issuers: <IssuersTab {...shared} place={place} />,
  }
  return (
    <Page
      title={t('pages.identity')}
      description={t('identity.description', { organization: place.organization.name })}
      actions={<AsCode request={requests[part]} />}
    >
      <Tabs.Root
        value={part}
        onValueChange={(next) =>
          navigate({
            to: '/identity',
            search: (before) => ({ ...before, part: next as IdentityTab, open: undefined }),
            replace: true,
          })
        }
      >
        <Tabs.List aria-label={t('identity.parts')} className="mb-4 max-w-full overflow-x-auto">
          {IDENTITY_TABS.map((one) => (
            <Tabs.Trigger key={one} value={one}>
              {t(`identity.tabs.${one}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {IDENTITY_TABS.map((one) => (
          <Tabs.Content key={one} value={one} className="outline-offset-4">
            <Permitted
              permission={NEEDS[one]}
              place={one === 'providers' && everywhere ? 'platform' : { orgId }}
            >
              {contents[one]}
            </Permitted>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Page>
  )
}
