import { ShieldAlert } from 'lucide-react'
import { CopyButton } from './copy'

interface SecretOnceProps {
  secret: string
  /** What it is, for the copy button. */
  label: string
  /** That it is shown only now, and what to do about it. */
  warning: string
}

/** A secret that is shown once. It lives in the dialog around it and nowhere else. */
export function SecretOnce({ secret, label, warning }: SecretOnceProps) {
  return (
    <>
      <div className="flex items-start gap-3 rounded-lg bg-warn-soft px-3.5 py-3 text-sm text-warn-ink">
        <ShieldAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        <p>{warning}</p>
      </div>
      <div className="flex items-center gap-2 rounded-lg border border-line-strong bg-surface py-1.5 ps-3 pe-1.5">
        <code data-secret className="wrap-anywhere min-w-0 flex-1 font-mono text-ink text-sm">
          {secret}
        </code>
        <CopyButton text={secret} label={label} withText autoFocus />
      </div>
    </>
  )
}
