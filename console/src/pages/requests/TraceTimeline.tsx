import { ChevronDown, ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Span, Trace } from '@/api/types'
import { duration } from '@/format/number'
import { Button } from '@/ui/button'
import { cx } from '@/ui/cx'
import { Facts } from '@/ui/facts'
import { extentOf, linesOf, type TraceLine } from './trace-tree'

/** How far a child stands to the right of its parent, in rem. */
const INDENT_REM = 0.9
/** Deeper spans are indented no further; on a phone nothing would be left of their names. */
const DEEPEST = 8
/** A bar that is too short to be seen is drawn so wide, in percent. */
const LEAST_PERCENT = 0.6

/** The spans of one trace as a tree beside their times. */
export function TraceTimeline({ trace }: { trace: Trace }) {
  const { t, i18n } = useTranslation()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string | null>(null)
  const lines = useMemo(() => linesOf(trace, closed), [trace, closed])
  const { totalMs } = useMemo(() => extentOf(trace), [trace])
  const toggle = (id: string) => {
    const next = new Set(closed)
    if (!next.delete(id)) next.add(id)
    setClosed(next)
  }
  return (
    <div data-trace={trace.trace_id}>
      <p className="mb-2 text-ink-soft text-sm">
        {t('trace.summary', {
          count: trace.spans,
          duration: duration(totalMs, i18n.language),
        })}
      </p>
      <ul className="overflow-hidden rounded-xl border border-line bg-surface">
        {lines.map((line) => (
          <li key={line.span.span_id} className="border-line/70 border-b last:border-0">
            <LineView
              line={line}
              closed={closed.has(line.span.span_id)}
              chosen={chosen === line.span.span_id}
              onToggle={() => toggle(line.span.span_id)}
              onChoose={() => setChosen(chosen === line.span.span_id ? null : line.span.span_id)}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}

interface LineProps {
  line: TraceLine
  closed: boolean
  chosen: boolean
  onToggle: () => void
  onChoose: () => void
}

function LineView({ line, closed, chosen, onToggle, onChoose }: LineProps) {
  const { t, i18n } = useTranslation()
  const { span, depth } = line
  return (
    <>
      <div
        className={cx(
          'grid min-h-10 grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)] items-center gap-3 pe-3',
          chosen && 'bg-accent-soft',
        )}
      >
        <div
          className="flex min-w-0 items-center"
          style={{ paddingInlineStart: `${0.5 + Math.min(depth, DEEPEST) * INDENT_REM}rem` }}
        >
          {line.hasChildren ? (
            <Button
              tone="ghost"
              size="icon-sm"
              aria-expanded={!closed}
              aria-label={t(closed ? 'trace.expand' : 'trace.collapse', { name: span.name })}
              onClick={onToggle}
            >
              {closed ? <ChevronRight aria-hidden /> : <ChevronDown aria-hidden />}
            </Button>
          ) : (
            <span aria-hidden className="size-7 shrink-0" />
          )}
          <button
            type="button"
            aria-expanded={chosen}
            onClick={onChoose}
            className="focus-inset min-w-0 flex-1 truncate rounded py-1 text-start text-ink text-sm"
          >
            {span.name}
            <span className="ms-2 text-ink-faint text-xs">{span.service}</span>
          </button>
        </div>
        <div className="flex min-w-0 items-center gap-2">
          <span aria-hidden className="relative h-3 min-w-0 flex-1 rounded bg-sunken">
            <span
              className={cx(
                'absolute inset-y-0 rounded',
                span.error ? 'bg-bad' : depth === 0 ? 'bg-accent' : 'bg-(--chart-3)',
              )}
              style={{
                insetInlineStart: `${Math.min(line.left * 100, 100 - LEAST_PERCENT)}%`,
                width: `${Math.max(line.width * 100, LEAST_PERCENT)}%`,
              }}
            />
          </span>
          <span className="tabular w-16 shrink-0 text-end text-ink-soft text-xs">
            {duration(span.duration_ms, i18n.language)}
          </span>
        </div>
      </div>
      {chosen ? <SpanDetails span={span} startMs={line.startMs} /> : null}
    </>
  )
}

function SpanDetails({ span, startMs }: { span: Span; startMs: number }) {
  const { t, i18n } = useTranslation()
  return (
    <div className="border-line/70 border-t bg-sunken px-4 py-3">
      {span.error ? <p className="mb-3 text-bad-ink text-sm">{span.error}</p> : null}
      <Facts
        className="grid-cols-[repeat(auto-fill,minmax(12rem,1fr))]"
        facts={[
          {
            id: 'start',
            name: t('decision.began'),
            value: t('decision.after', { duration: duration(startMs, i18n.language) }),
          },
          { id: 'kind', name: t('trace.kind'), value: span.kind },
          ...Object.entries(span.attributes).map(([name, value]) => ({
            id: name,
            name,
            value: String(value),
          })),
        ]}
      />
    </div>
  )
}
