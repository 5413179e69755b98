import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { overlayLook } from './dialog'

interface DrawerProps {
  title: ReactNode
  description?: ReactNode
  /** Stand beside the title. */
  actions?: ReactNode
  children: ReactNode
  onClose: () => void
}

/** The details of one thing beside the list it was chosen from; all of a phone's screen. */
export function Drawer({ title, description, actions, children, onClose }: DrawerProps) {
  const { t } = useTranslation()
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayLook} />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          // Focus begins at the whole, not at whichever small button happens to be first.
          onOpenAutoFocus={(event) => {
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
          className="fixed inset-y-0 end-0 z-50 flex w-full max-w-4xl animate-fade flex-col border-line bg-canvas shadow-float outline-none sm:border-s"
        >
          <header className="flex flex-wrap items-start gap-x-3 gap-y-2 border-line border-b bg-raised px-4 py-3 max-sm:pe-14 sm:px-6">
            <div className="min-w-0 flex-1 basis-48">
              <Primitive.Title className="wrap-anywhere font-semibold text-ink text-lg">
                {title}
              </Primitive.Title>
              {description ? (
                <Primitive.Description asChild>
                  <div className="mt-0.5 text-ink-soft text-sm">{description}</div>
                </Primitive.Description>
              ) : null}
            </div>
            {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
            <Primitive.Close asChild>
              <Button
                tone="ghost"
                size="icon"
                className="max-sm:absolute max-sm:end-2 max-sm:top-1.5"
                aria-label={t('common.close')}
              >
                <X aria-hidden />
              </Button>
            </Primitive.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4 sm:px-6">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
