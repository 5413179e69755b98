import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AuditEvent } from '@/api/types'
import { changesOf } from '@/format/diff'
import { fullTime } from '@/format/time'
import { CodeBlock } from '@/ui/code'
import { CopyButton } from '@/ui/copy'
import { DiffTable } from '@/ui/diff-table'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'

interface EventDrawerProps {
  event: AuditEvent
  nameOf: (id: string) => string
  onClose: () => void
}

/** One event: who, what, and the fields before and after. */
export function EventDrawer({ event, nameOf, onClose }: EventDrawerProps) {
  const { t, i18n } = useTranslation()
  const changes = changesOf(event.before, event.after)
  const id = (value: string) => (
    <>
      {nameOf(value) === value ? null : <span className="block">{nameOf(value)}</span>}
      <code className="wrap-anywhere font-mono text-xs">{value}</code>
    </>
  )
  return (
    <Drawer
      title={<code className="font-mono">{event.action}</code>}
      description={fullTime(event.at, i18n.language)}
      onClose={onClose}
    >
      <Facts
        className="grid-cols-[repeat(auto-fill,minmax(13rem,1fr))]"
        facts={[
          { id: 'actor', name: t('audit.actor'), value: id(event.actor_id) },
          { id: 'kind', name: t('audit.actorKind'), value: event.actor_kind },
          {
            id: 'behalf',
            name: t('audit.onBehalf'),
            value: event.on_behalf_of ? id(event.on_behalf_of) : null,
          },
          {
            id: 'object',
            name: t('audit.object'),
            value: (
              <>
                {event.object_kind} {event.object_id ? id(event.object_id) : null}
              </>
            ),
          },
          {
            id: 'project',
            name: t('audit.project'),
            value: event.project_id ? id(event.project_id) : null,
          },
          { id: 'request', name: t('common.requestId'), value: event.request_id },
          { id: 'seq', name: t('audit.number'), value: event.seq },
          {
            id: 'hash',
            name: t('audit.hash'),
            value: (
              <span className="flex items-center gap-1">
                <code className="truncate font-mono text-xs">{event.hash}</code>
                <CopyButton text={event.hash} label={t('audit.hash')} />
              </span>
            ),
          },
        ]}
      />
      {event.object_id ? (
        <p className="mt-4">
          <Link
            to="/audit"
            search={(before) => ({
              ...before,
              object: event.object_id ?? undefined,
              event: undefined,
            })}
            className="font-medium text-accent-ink text-sm underline"
          >
            {t('audit.sameObject')}
          </Link>
        </p>
      ) : null}
      <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('audit.changes')}</h3>
      {changes.length > 0 ? (
        <DiffTable changes={changes} />
      ) : (
        <p className="text-ink-soft text-sm">{t('audit.noChange')}</p>
      )}
      {event.after || event.before ? (
        <div className="mt-6">
          <CodeBlock
            code={JSON.stringify({ before: event.before, after: event.after }, null, 2)}
            label={t('requestDetail.tabs.raw')}
            className="bg-surface"
          />
        </div>
      ) : null}
    </Drawer>
  )
}
