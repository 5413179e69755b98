import { CopyButton } from './copy'
import { cx } from './cx'

interface CodeBlockProps {
  code: string
  /** What the code is, for the copy button and the region's name. */
  label: string
  className?: string
}

/** Code to copy; scrolls by itself, so a long line never widens the page. */
export function CodeBlock({ code, label, className }: CodeBlockProps) {
  return (
    <div className={cx('relative rounded-lg border border-line bg-sunken', className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls */}
      <div
        role="group"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="focus-inset overflow-x-auto rounded-lg"
      >
        <pre className="w-max min-w-full p-3.5 pe-12 font-mono text-ink text-xs leading-5">
          {code}
        </pre>
      </div>
      <CopyButton
        text={code}
        label={label}
        className="absolute end-2 top-2 border border-line bg-surface"
      />
    </div>
  )
}
