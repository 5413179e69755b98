import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { LogLine } from '@/api/types'
import { fullTime } from '@/format/time'
import { CodeBlock } from '@/ui/code'
import { Drawer } from '@/ui/drawer'
import { Facts } from '@/ui/facts'

const LINK = 'font-medium text-accent-ink underline'

/** All that one line tells, and the way to what else was said of the same request. */
export function LineDrawer({ line, onClose }: { line: LogLine; onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { request_id: request, trace_id: trace } = line
  return (
    <Drawer
      title={<span className="wrap-anywhere font-mono text-base">{line.message}</span>}
      description={line.at ? fullTime(line.at, i18n.language) : undefined}
      onClose={onClose}
    >
      <Facts
        className="grid-cols-[repeat(auto-fill,minmax(13rem,1fr))]"
        facts={[
          { id: 'level', name: t('logs.level'), value: line.level },
          { id: 'source', name: t('logs.source'), value: line.source },
          { id: 'logger', name: t('logs.logger'), value: line.logger || null },
          {
            id: 'request',
            name: t('common.requestId'),
            value: request ? (
              <>
                <code className="wrap-anywhere font-mono text-xs">{request}</code>
                <span className="mt-1 flex flex-wrap gap-x-3">
                  <Link to="/requests" search={{ request }} className={LINK}>
                    {t('logs.openRequest')}
                  </Link>
                  <Link to="/logs" search={{ request }} onClick={onClose} className={LINK}>
                    {t('logs.sameRequest')}
                  </Link>
                </span>
              </>
            ) : null,
          },
          {
            id: 'trace',
            name: t('pages.trace'),
            value: trace ? (
              <Link to="/traces/$traceId" params={{ traceId: trace }} className={LINK}>
                <code className="wrap-anywhere font-mono text-xs">{trace}</code>
              </Link>
            ) : null,
          },
        ]}
      />
      {line.exception ? (
        <>
          <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('logs.exception')}</h3>
          <CodeBlock code={line.exception} label={t('logs.exception')} />
        </>
      ) : null}
      {Object.keys(line.facts).length > 0 ? (
        <>
          <h3 className="mt-6 mb-2 font-medium text-ink text-sm">{t('logs.facts')}</h3>
          <CodeBlock code={JSON.stringify(line.facts, null, 2)} label={t('logs.facts')} />
        </>
      ) : null}
    </Drawer>
  )
}
