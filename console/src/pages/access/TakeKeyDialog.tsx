import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { AccessKey, AccessRequest } from '@/api/types'
import { ToolSetup } from '@/pages/keys/ToolSetup'
import { Button } from '@/ui/button'
import { Dialog, DialogActions } from '@/ui/dialog'
import { Problem } from '@/ui/problem'
import { SecretOnce } from '@/ui/secret'

/** Makes the key of a grant and shows its secret: here, to the requester, and never again. */
export function TakeKeyDialog({
  request,
  onClose,
}: {
  request: AccessRequest
  onClose: () => void
}) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const take = useMutation({
    mutationFn: () => call<AccessKey>('POST', `/access-requests/${request.id}/key`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['access-requests'] })
      void queries.invalidateQueries({ queryKey: ['keys'] })
    },
    // The secret must not outlive this dialog in any cache.
    gcTime: 0,
  })
  const key = take.data
  return (
    <Dialog
      open
      dismissible={!key}
      onOpenChange={(open) => !open && onClose()}
      title={key ? t('keys.createdTitle') : t('accessRequests.takeTitle', { model: request.model })}
      description={key ? t('keys.createdText') : t('accessRequests.takeText')}
      className="sm:max-w-xl"
    >
      {key ? (
        <div className="space-y-4">
          <SecretOnce secret={key.secret} label={t('keys.secret')} warning={t('keys.secretOnce')} />
          <ToolSetup organizationId={request.org_id} allowed={[key.model]} secret={key.secret} />
          <DialogActions>
            <Button tone="primary" onClick={onClose}>
              {t('keys.savedIt')}
            </Button>
          </DialogActions>
        </div>
      ) : (
        <div className="space-y-4">
          {request.key_id ? (
            <p className="rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm text-warn-ink">
              {t('accessRequests.takeEnds')}
            </p>
          ) : null}
          {take.error ? <Problem error={take.error} /> : null}
          <DialogActions>
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button tone="primary" busy={take.isPending} onClick={() => take.mutate()}>
              {t('accessRequests.takeAction')}
            </Button>
          </DialogActions>
        </div>
      )}
    </Dialog>
  )
}
