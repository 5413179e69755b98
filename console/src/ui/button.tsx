import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx'
import { Tooltip } from './tooltip'

type Tone = 'primary' | 'secondary' | 'ghost' | 'danger'
type Size = 'sm' | 'md' | 'lg' | 'icon' | 'icon-sm'

const TONES: Record<Tone, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover shadow-card',
  secondary: 'border border-line-strong/60 bg-surface text-ink hover:bg-hover shadow-card',
  ghost: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'bg-bad-fill text-on-accent hover:bg-bad-hover shadow-card',
}

const SIZES: Record<Size, string> = {
  sm: 'h-7 gap-1.5 rounded-md px-2.5 text-xs',
  md: 'h-9 gap-2 rounded-lg px-3.5 text-base',
  lg: 'h-11 gap-2 rounded-lg px-5 text-base',
  icon: 'size-9 rounded-lg',
  'icon-sm': 'size-7 rounded-md',
}

export interface ButtonProps extends ComponentProps<'button'> {
  tone?: Tone
  size?: Size
  /** Shows that work is under way and refuses further clicks. */
  busy?: boolean
  /** Lets the only child (a link) wear the button's looks. */
  asChild?: boolean
  icon?: ReactNode
}

export function Button({
  tone = 'secondary',
  size = 'md',
  busy = false,
  asChild = false,
  icon,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  const look = cx(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
    TONES[tone],
    SIZES[size],
    className,
  )
  if (asChild) {
    return (
      <Slot.Root className={look} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  const button = (
    <button
      type={type}
      className={look}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  )
  // A button that is only a picture says its name when it is pointed at.
  const label = size.startsWith('icon') ? rest['aria-label'] : undefined
  return label ? <Tooltip content={label}>{button}</Tooltip> : button
}
