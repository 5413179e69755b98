import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { BookOpen } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { API, call } from '@/api/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { cx } from '@/ui/cx'
import { Empty } from '@/ui/empty'
import { Input } from '@/ui/field'
import { Page } from '@/ui/page'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { fits, type Operation, operationsOf } from './document'
import { OperationPanel } from './OperationPanel'

const METHOD_INK: Record<Operation['method'], string> = {
  GET: 'text-accent-ink',
  POST: 'text-ok-ink',
  PUT: 'text-warn-ink',
  PATCH: 'text-warn-ink',
  DELETE: 'text-bad-ink',
}

/** Everything that this console does, as calls that any program can make. */
export default function ExplorerPage() {
  const { t } = useTranslation()
  const { q = '', operation: chosen } = useSearch({ from: '/app/explorer' })
  const navigate = useNavigate()
  const change = (next: { q?: string | undefined; operation?: string | undefined }) =>
    navigate({ to: '/explorer', search: (before) => ({ ...before, ...next }), replace: true })
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => call<unknown>('GET', '/openapi.json', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const operations = useMemo(() => operationsOf(document.data), [document.data])
  const shown = operations.filter((operation) => fits(operation, q))
  const tags = [...new Set(shown.map(({ tag }) => tag))]
  const open = operations.find(({ id }) => id === chosen)
  return (
    <Page
      title={t('pages.api')}
      description={t('explorer.description')}
      actions={
        <Button asChild>
          <a href={`${API}/openapi.json`} download="mainspring-openapi.json">
            {t('explorer.download')}
          </a>
        </Button>
      }
    >
      {document.isError ? (
        <Problem error={document.error} onRetry={() => document.refetch()} />
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <Card className={cx('overflow-hidden', open && 'max-lg:order-last')}>
          <div className="border-line border-b p-3">
            <Input
              type="search"
              aria-label={t('explorer.filter')}
              placeholder={t('explorer.filter')}
              value={q}
              onChange={(event) => change({ q: event.target.value || undefined })}
            />
          </div>
          {document.isPending ? <SkeletonRows rows={8} /> : null}
          <nav
            aria-label={t('explorer.operations')}
            className="max-h-[calc(100dvh-16rem)] overflow-y-auto p-2 max-lg:max-h-96"
          >
            {tags.map((tag) => (
              <div key={tag} className="mb-2">
                <h2 className="px-2 py-1 font-medium text-2xs text-ink-faint">{tag}</h2>
                <ul>
                  {shown
                    .filter((operation) => operation.tag === tag)
                    .map((operation) => (
                      <li key={operation.id}>
                        <button
                          type="button"
                          aria-current={operation.id === chosen ? 'true' : undefined}
                          onClick={() => change({ operation: operation.id })}
                          className="focus-inset flex w-full items-baseline gap-2 rounded-md px-2 py-1.5 text-start hover:bg-hover aria-[current]:bg-accent-soft"
                        >
                          <span
                            className={cx(
                              'w-12 shrink-0 font-mono font-semibold text-2xs',
                              METHOD_INK[operation.method],
                            )}
                          >
                            {operation.method}
                          </span>
                          <span className="wrap-anywhere font-mono text-ink text-xs">
                            {operation.path}
                          </span>
                        </button>
                      </li>
                    ))}
                </ul>
              </div>
            ))}
          </nav>
        </Card>
        {open ? (
          <OperationPanel key={open.id} operation={open} />
        ) : (
          <Card>
            <Empty icon={BookOpen} title={t('explorer.emptyTitle')}>
              {t('explorer.emptyText')}
            </Empty>
          </Card>
        )}
      </div>
    </Page>
  )
}
