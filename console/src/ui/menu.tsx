import { Check } from 'lucide-react'
import { DropdownMenu as Primitive } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx'

/** A menu of actions and choices; parts are used as `Menu.Root`, `Menu.Item`, … */
const itemLook =
  'relative flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm text-ink outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-faint max-sm:min-h-10'

function Content({ className, ...rest }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={6}
        collisionPadding={8}
        className={cx(
          'z-50 max-h-[min(28rem,80dvh)] min-w-52 max-w-80 animate-rise overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-float',
          className,
        )}
        {...rest}
      />
    </Primitive.Portal>
  )
}

function Item({ className, ...rest }: ComponentProps<typeof Primitive.Item>) {
  return <Primitive.Item className={cx(itemLook, className)} {...rest} />
}

function RadioItem({ className, children, ...rest }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cx(itemLook, 'pe-8', className)} {...rest}>
      {children}
      <Primitive.ItemIndicator className="absolute end-2.5">
        <Check aria-hidden className="text-accent-ink!" />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  )
}

function Label({ children }: { children: ReactNode }) {
  return (
    <Primitive.Label className="px-2.5 pt-2 pb-1 font-medium text-2xs text-ink-faint">
      {children}
    </Primitive.Label>
  )
}

function Separator() {
  return <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />
}

export const Menu = {
  Root: Primitive.Root,
  Trigger: Primitive.Trigger,
  Group: Primitive.Group,
  RadioGroup: Primitive.RadioGroup,
  Content,
  Item,
  RadioItem,
  Label,
  Separator,
}
