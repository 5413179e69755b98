import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Permitted } from '@/app/permission'
import { usePlace } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { DirectoryTab } from './DirectoryTab'
import { IssuersTab } from './IssuersTab'
import { ProvidersTab } from './ProvidersTab'
import { providersPath } from './queries'
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
  const paths: Record<IdentityTab, string> = {
    providers: providersPath(everywhere ? null : orgId),
    directory: `/organizations/${orgId}/directory-tokens`,
    accounts: `/organizations/${orgId}/service-accounts`,
    issuers: `/organizations/${orgId}/token-issuers`,
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
      actions={<AsCode request={{ method: 'GET', path: paths[part] }} />}
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
