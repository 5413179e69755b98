import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { Dialog, DialogActions } from './dialog'
import { Problem } from './problem'

interface FormDialogProps {
  title: ReactNode
  description?: ReactNode
  action: ReactNode
  busy: boolean
  error: unknown
  disabled?: boolean
  className?: string
  children: ReactNode
  onSubmit: () => void
  onClose: () => void
}

/** A form in a dialog: its fields, what went wrong, cancel and the act. */
export function FormDialog({
  title,
  description,
  action,
  busy,
  error,
  disabled = false,
  className = '',
  children,
  onSubmit,
  onClose,
}: FormDialogProps) {
  const { t } = useTranslation()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      className={className}
    >
      <form className="space-y-4" onSubmit={submit}>
        {children}
        {error ? <Problem error={error} /> : null}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" tone="primary" busy={busy} disabled={disabled}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
