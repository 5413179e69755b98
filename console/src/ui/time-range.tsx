import { CalendarClock } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  localMoment,
  momentOf,
  RANGES,
  type RangeName,
  type RangeSearch,
  rangeOf,
} from '@/format/range'
import { clockTime, zoneName } from '@/format/time'
import { Button } from './button'
import { cx } from './cx'
import { Field, Input } from './field'

interface TimeRangeProps {
  value: RangeSearch
  /** What holds while the address says nothing. */
  usual: RangeName
  onChange: (value: RangeSearch) => void
}

/** Chooses the range of time that a list shows; there always is one. */
export function TimeRange({ value, usual, onChange }: TimeRangeProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const [open, setOpen] = useState(false)
  const own = value.since !== undefined
  const name = value.range ?? usual
  const label = own
    ? t('range.between', {
        from: clockTime(value.since ?? '', language),
        to: value.until ? clockTime(value.until, language) : t('range.now'),
      })
    : t(`range.${name}`)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <Button icon={<CalendarClock aria-hidden />} data-range={own ? 'own' : name}>
          <span className="sr-only">
            {t('range.label')}
            {t('common.colon')}
          </span>
          {label}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('range.label')}
          className="z-50 w-80 max-w-[calc(100vw-1rem)] animate-rise rounded-xl border border-line bg-raised p-3 shadow-float outline-none"
        >
          <div className="grid grid-cols-2 gap-1">
            {RANGES.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={!own && one === name}
                onClick={() => {
                  onChange({ range: one === usual ? undefined : one })
                  setOpen(false)
                }}
                className={cx(
                  'h-9 rounded-md px-2.5 text-start text-sm transition-colors hover:bg-hover',
                  !own && one === name ? 'bg-accent-soft text-accent-ink' : 'text-ink',
                )}
              >
                {t(`range.${one}`)}
              </button>
            ))}
          </div>
          <OwnRange
            value={value}
            usual={usual}
            onChange={(next) => {
              onChange(next)
              setOpen(false)
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function OwnRange({ value, usual, onChange }: TimeRangeProps) {
  const { t, i18n } = useTranslation()
  const present = rangeOf(value, usual)
  const [since, setSince] = useState(localMoment(present.since))
  const [until, setUntil] = useState(present.until ? localMoment(present.until) : '')
  const from = momentOf(since)
  const to = until ? momentOf(until) : undefined
  const wrong = from === undefined || (to !== undefined && to <= from)
  return (
    <form
      className="mt-3 space-y-3 border-line border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!wrong) onChange({ since: from, until: to })
      }}
    >
      <Field label={t('range.from', { zone: zoneName(i18n.language) })}>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={since}
            onChange={(event) => setSince(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t('range.to')}
        hint={t('range.toHint')}
        error={wrong ? t('range.wrong') : undefined}
      >
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" tone="primary" className="w-full" disabled={wrong}>
        {t('range.apply')}
      </Button>
    </form>
  )
}
