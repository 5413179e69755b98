import { AlertDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { DialogActions, overlayLook } from './dialog'

interface ConfirmProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** What the act will touch. */
  children: ReactNode
  action: ReactNode
  busy?: boolean
  onConfirm: () => void
}

/** Asks before an act that cannot be undone; focus starts on the harmless button. */
export function Confirm({
  open,
  onOpenChange,
  title,
  children,
  action,
  busy,
  onConfirm,
}: ConfirmProps) {
  const { t } = useTranslation()
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayLook} />
        <AlertDialog.Content className="fixed inset-x-0 bottom-0 z-50 w-full animate-rise rounded-t-2xl border-line border-t bg-raised p-5 shadow-float outline-none sm:inset-auto sm:start-1/2 sm:top-[18vh] sm:max-w-md sm:-translate-x-1/2 sm:rounded-2xl sm:border">
          <AlertDialog.Title className="font-semibold text-ink text-lg">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mt-2 space-y-2 text-ink-soft text-sm">{children}</div>
          </AlertDialog.Description>
          <DialogActions>
            <AlertDialog.Cancel asChild>
              <Button>{t('common.cancel')}</Button>
            </AlertDialog.Cancel>
            <Button tone="danger" busy={busy ?? false} onClick={onConfirm}>
              {action}
            </Button>
          </DialogActions>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
