import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { cx } from './cx'

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children: ReactNode
  className?: string
  /** False while closing would lose something, such as a secret that was not copied. */
  dismissible?: boolean
}

export const overlayLook = 'fixed inset-0 z-40 bg-overlay animate-fade'

/** A modal dialog: a sheet at the bottom on phones, a centred card elsewhere. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  className,
  dismissible = true,
}: DialogProps) {
  const { t } = useTranslation()
  const keep = (event: Event) => {
    if (!dismissible) event.preventDefault()
  }
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayLook} />
        <Primitive.Content
          onInteractOutside={keep}
          onEscapeKeyDown={keep}
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cx(
            'fixed z-50 flex max-h-[92dvh] w-full flex-col overflow-hidden bg-raised shadow-float outline-none animate-rise',
            'inset-x-0 bottom-0 rounded-t-2xl border-line border-t',
            'sm:inset-auto sm:start-1/2 sm:top-[10vh] sm:max-h-[80vh] sm:max-w-lg sm:-translate-x-1/2 sm:rounded-2xl sm:border',
            className,
          )}
        >
          <header className="px-5 pt-5 pe-14 pb-3">
            <Primitive.Title className="font-semibold text-ink text-lg">{title}</Primitive.Title>
            {description ? (
              <Primitive.Description className="mt-1 text-ink-soft text-sm">
                {description}
              </Primitive.Description>
            ) : null}
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>
          {/* Last in order, so that focus begins at the first thing to do. */}
          {dismissible ? (
            <Primitive.Close asChild>
              <Button
                tone="ghost"
                size="icon-sm"
                aria-label={t('common.close')}
                className="absolute end-4 top-4"
              >
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          ) : null}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** The row of buttons that ends a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="mt-5 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end [&>*]:max-sm:w-full">
      {children}
    </div>
  )
}
