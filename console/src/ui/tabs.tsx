import { Tabs as Primitive } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cx } from './cx'

function List({ className, ...rest }: ComponentProps<typeof Primitive.List>) {
  return (
    <Primitive.List
      className={cx('inline-flex gap-0.5 rounded-lg bg-sunken p-0.5', className)}
      {...rest}
    />
  )
}

function Trigger({ className, ...rest }: ComponentProps<typeof Primitive.Trigger>) {
  return (
    <Primitive.Trigger
      className={cx(
        'h-7 whitespace-nowrap rounded-md px-3 font-medium text-ink-soft text-xs transition-colors hover:text-ink',
        'data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-card',
        className,
      )}
      {...rest}
    />
  )
}

export const Tabs = { Root: Primitive.Root, Content: Primitive.Content, List, Trigger }
