import { useTranslation } from 'react-i18next'
import { shellQuote } from '@/format/snippets'
import { Button } from '@/ui/button'
import { CodeBlock } from '@/ui/code'
import { Dialog, DialogActions } from '@/ui/dialog'
import { SecretOnce } from '@/ui/secret'

interface AccountSecretProps {
  /** The account's id, which is the client id. */
  clientId: string
  secret: string
  onClose: () => void
}

/** The secret of a service account, this once, and how a token is got by it. */
export function AccountSecretDialog({ clientId, secret, onClose }: AccountSecretProps) {
  const { t } = useTranslation()
  const command = [
    `curl -u ${shellQuote(`${clientId}:${secret}`)}`,
    '  -d grant_type=client_credentials',
    `  ${location.origin}/oauth2/token`,
  ].join(' \\\n')
  return (
    <Dialog
      open
      dismissible={false}
      onOpenChange={(open) => !open && onClose()}
      title={t('serviceAccounts.secretTitle')}
      description={t('serviceAccounts.secretText')}
      className="sm:max-w-xl"
    >
      <div className="space-y-4">
        <SecretOnce
          secret={secret}
          label={t('serviceAccounts.secret')}
          warning={t('keys.secretOnce')}
        />
        <CodeBlock code={clientId} label={t('serviceAccounts.clientId')} />
        <CodeBlock code={command} label={t('serviceAccounts.getToken')} />
        <DialogActions>
          <Button tone="primary" onClick={onClose}>
            {t('keys.savedIt')}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
