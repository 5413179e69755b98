import { Link } from '@tanstack/react-router'
import { Hand, MessagesSquare } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RegistryEntry } from '@/api/types'
import { ActionButton, useHere, usePermits } from '@/app/permission'
import { count } from '@/format/number'
import { optionalText } from '@/i18n'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { CopyButton } from '@/ui/copy'
import { Badge } from '@/ui/status'
import { PriceText } from './PriceText'
import { parameters } from './specification'

interface EntryCardProps {
  entry: RegistryEntry
  compared: boolean
  /** No more can be compared. */
  full: boolean
  onCompare: () => void
  onOpen: () => void
  onAsk: () => void
}

/** One model at a glance, and the ways on from it. */
export function EntryCard({ entry, compared, full, onCompare, onOpen, onAsk }: EntryCardProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  const mayCall = usePermits()('model:call', useHere())
  const { specification } = entry
  const figures = [
    specification.parameters ? parameters(specification.parameters, language) : null,
    specification.context_length
      ? t('models.context', { tokens: count(specification.context_length, language) })
      : null,
    specification.licence ?? null,
  ].filter((one) => one !== null)
  return (
    <Card
      aria-label={entry.name}
      data-entry={entry.name}
      className="flex w-full flex-col px-4 py-4 sm:px-5"
    >
      <header className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-1.5">
            <h2 className="min-w-0 font-semibold text-ink text-lg">
              <button
                type="button"
                onClick={onOpen}
                className="focus-inset block max-w-full truncate rounded hover:underline"
              >
                {specification.display_name ?? entry.name}
              </button>
            </h2>
            <CopyButton text={entry.name} label={entry.name} />
          </div>
          <p className="truncate text-ink-faint text-xs">
            {[specification.vendor ?? entry.owned_by, entry.version].filter(Boolean).join(' · ')}
          </p>
        </div>
        <label className="flex shrink-0 items-center gap-2 text-ink-soft text-xs">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            aria-label={t('catalog.compareNamed', { name: entry.name })}
            checked={compared}
            disabled={full && !compared}
            onChange={onCompare}
          />
          {t('catalog.compare')}
        </label>
      </header>
      <div className="mt-2 flex flex-wrap gap-1.5">
        {entry.tasks.map((task) => (
          <Badge key={task} tone="accent">
            {optionalText(t, `tasks.${task}`) ?? task}
          </Badge>
        ))}
        {(specification.capabilities ?? []).map((ability) => (
          <Badge key={ability}>{optionalText(t, `abilities.${ability}`) ?? ability}</Badge>
        ))}
        {entry.deprecated ? <Badge tone="warn">{t('catalog.deprecated')}</Badge> : null}
        {entry.offline ? <Badge tone="bad">{t('catalog.offline')}</Badge> : null}
      </div>
      {specification.description ? (
        <p className="mt-2 line-clamp-2 text-ink-soft text-sm">{specification.description}</p>
      ) : null}
      <p className="mt-2 text-ink-soft text-xs">{figures.join(' · ')}</p>
      <div className="mt-2 flex-1 text-ink text-sm">
        <PriceText price={entry.price} />
      </div>
      <footer className="mt-4 flex flex-wrap gap-2">
        {entry.offline ? null : (
          <ActionButton
            permission="access:request"
            size="sm"
            icon={<Hand aria-hidden />}
            onClick={onAsk}
            aria-label={t('catalog.askNamed', { name: entry.name })}
          >
            {t('catalog.ask')}
          </ActionButton>
        )}
        {mayCall && entry.tasks.includes('chat') && !entry.offline ? (
          <Button asChild size="sm" tone="ghost">
            <Link to="/playground" search={{ model: entry.name }}>
              <MessagesSquare aria-hidden />
              {t('models.try')}
            </Link>
          </Button>
        ) : null}
      </footer>
    </Card>
  )
}
