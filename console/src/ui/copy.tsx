import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, type ButtonProps } from './button'

const SHOWN_MS = 1_800

/**
 * Put text on the clipboard. The console may be served by plain HTTP inside a network, where
 * browsers withhold the clipboard interface; there the older command still works.
 */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  }
  const carrier = document.createElement('textarea')
  carrier.value = text
  carrier.className = 'fixed top-0 opacity-0'
  // Inside the open dialog, if there is one: focus may not leave it.
  const host = document.querySelector('[role="dialog"],[role="alertdialog"]') ?? document.body
  host.append(carrier)
  carrier.select()
  const done = document.execCommand('copy')
  carrier.remove()
  return done
}

interface CopyButtonProps extends Omit<ButtonProps, 'onClick' | 'children'> {
  text: string
  /** What is copied, for the button's accessible name. */
  label: string
  /** Show words beside the icon. */
  withText?: boolean
}

/** Copies and says so for a moment, on screen and to a screen reader. */
export function CopyButton({ text, label, withText = false, ...rest }: CopyButtonProps) {
  const { t } = useTranslation()
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [state])
  const words =
    state === 'done'
      ? t('common.copied')
      : state === 'failed'
        ? t('common.copyFailed')
        : t('common.copy')
  return (
    <Button
      tone={withText ? 'secondary' : 'ghost'}
      size={withText ? 'sm' : 'icon-sm'}
      aria-label={`${words}${t('common.colon')}${label}`}
      onClick={async () => setState((await copyText(text)) ? 'done' : 'failed')}
      icon={state === 'done' ? <Check aria-hidden className="text-ok-ink" /> : <Copy aria-hidden />}
      {...rest}
    >
      {withText ? words : null}
      <span role="status" className="sr-only">
        {state === 'idle' ? '' : words}
      </span>
    </Button>
  )
}
