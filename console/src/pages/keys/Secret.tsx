import { useTranslation } from 'react-i18next'
import type { CreatedKey } from '@/api/types'
import { Button } from '@/ui/button'
import { DialogActions } from '@/ui/dialog'
import { SecretOnce } from '@/ui/secret'
import { ToolSetup } from './ToolSetup'

interface SecretProps {
  created: CreatedKey
  organizationId: string
  onClose: () => void
}

/** The new key's secret, this once, and how it is used. */
export function Secret({ created, organizationId, onClose }: SecretProps) {
  const { t } = useTranslation()
  return (
    <div className="space-y-4">
      <SecretOnce secret={created.secret} label={t('keys.secret')} warning={t('keys.secretOnce')} />
      <ToolSetup organizationId={organizationId} allowed={created.models} secret={created.secret} />
      <DialogActions>
        <Button tone="primary" onClick={onClose}>
          {t('keys.savedIt')}
        </Button>
      </DialogActions>
    </div>
  )
}
