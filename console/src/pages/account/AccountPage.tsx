import { useTranslation } from 'react-i18next'
import { useSession } from '@/app/session'
import { AsCode } from '@/ui/as-code'
import { Page } from '@/ui/page'
import { Passwords } from './Passwords'
import { SecondFactor } from './SecondFactor'
import { Sessions } from './Sessions'
import { Tokens } from './Tokens'

/** What belongs to the signed-in person: password, second factor, sessions, personal tokens. */
export default function AccountPage() {
  const { t } = useTranslation()
  const { user } = useSession()
  return (
    <Page
      title={t('pages.account')}
      description={t('account.description', { name: user.name, email: user.email })}
      actions={
        <AsCode
          request={{
            method: 'GET',
            path: '/sessions/current',
            sdk: 'sessions.current.get',
            cli: { none: 'own' },
          }}
        />
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Passwords />
        <SecondFactor />
        <Tokens />
        <Sessions />
      </div>
    </Page>
  )
}
