/** The spans of a trace as lines of a timeline: in tree order, each with its place in time. */
import type { Span, Trace } from '@/api/types'

export interface TraceLine {
  span: Span
  depth: number
  hasChildren: boolean
  /** Milliseconds after the beginning of the trace. */
  startMs: number
  /** Share of the whole trace, 0 to 1. */
  left: number
  width: number
}

/** Unix nanoseconds need more digits than a number has. */
const nanos = (text: string) => BigInt(text)

function everySpan(spans: readonly Span[]): Span[] {
  return spans.flatMap((span) => [span, ...everySpan(span.children)])
}

/** Beginning and length of a trace; clocks of several machines may disagree, so no root decides. */
export function extentOf(trace: Trace): { startNs: bigint; totalMs: number } {
  const spans = everySpan(trace.roots)
  let startNs = 0n
  let endNs = 0n
  for (const [index, span] of spans.entries()) {
    const [start, end] = [nanos(span.start_ns), nanos(span.end_ns)]
    if (index === 0 || start < startNs) startNs = start
    if (index === 0 || end > endNs) endNs = end
  }
  return { startNs, totalMs: Number(endNs - startNs) / 1e6 }
}

/** The lines that are to be seen; children of a span in `closed` are not. */
export function linesOf(trace: Trace, closed: ReadonlySet<string> = new Set()): TraceLine[] {
  const { startNs, totalMs } = extentOf(trace)
  const lines: TraceLine[] = []
  const add = (spans: readonly Span[], depth: number) => {
    const ordered = spans.toSorted((a, b) => (nanos(a.start_ns) < nanos(b.start_ns) ? -1 : 1))
    for (const span of ordered) {
      const startMs = Number(nanos(span.start_ns) - startNs) / 1e6
      lines.push({
        span,
        depth,
        hasChildren: span.children.length > 0,
        startMs,
        left: totalMs > 0 ? startMs / totalMs : 0,
        width: totalMs > 0 ? span.duration_ms / totalMs : 1,
      })
      if (!closed.has(span.span_id)) add(span.children, depth + 1)
    }
  }
  add(trace.roots, 0)
  return lines
}
