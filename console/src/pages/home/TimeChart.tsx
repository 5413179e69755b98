import { useTranslation } from 'react-i18next'
import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import { minuteTime } from '@/format/time'
import type { Bucket } from './figures'

interface Series {
  field: keyof Bucket
  name: string
  /** A CSS colour, usually a token. */
  color: string
}

interface TimeChartProps {
  kind: 'bars' | 'lines'
  buckets: Bucket[]
  windowMinutes: number
  series: Series[]
  format: (value: number) => string
}

/** In rem: on a wall text grows with the screen. */
const TICK = { fill: 'var(--ink-faint)', fontSize: '0.6875rem' }

/**
 * A small chart over time; bars are stacked, lines pass over steps without a measurement.
 * It is a drawing of figures that stand beside it in words, so it takes no focus.
 */
export default function TimeChart({
  kind,
  buckets,
  windowMinutes,
  series,
  format,
}: TimeChartProps) {
  const { i18n } = useTranslation()
  const step = (windowMinutes * 60_000) / buckets.length
  const clock = (ms: number) => minuteTime(ms, i18n.language)
  const ticks = [buckets[0], buckets[Math.floor(buckets.length / 2)], buckets.at(-1)].flatMap(
    (bucket) => (bucket ? [bucket.at] : []),
  )
  // A line needs neighbours to be seen; a lonely measurement gets a dot.
  const isSparse = buckets.filter((bucket) => series.some(({ field }) => bucket[field])).length < 6
  const frame = (
    <>
      <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
      <XAxis
        dataKey="at"
        ticks={ticks}
        interval={0}
        tickFormatter={clock}
        tickLine={false}
        axisLine={false}
        tick={TICK}
        height={rem(1.25)}
      />
      <YAxis
        width="auto"
        tickCount={3}
        allowDecimals={false}
        tickFormatter={format}
        tickLine={false}
        axisLine={false}
        tick={TICK}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ fill: 'var(--hover)', stroke: 'var(--line)' }}
        content={(props) => <Hover {...props} series={series} format={format} step={step} />}
      />
    </>
  )
  return (
    <ResponsiveContainer width="100%" height="100%">
      {kind === 'bars' ? (
        <BarChart
          accessibilityLayer={false}
          data={buckets}
          margin={{ top: 6, right: rem(1.125), bottom: 0, left: 0 }}
          barCategoryGap="14%"
        >
          {frame}
          {series.map(({ field, color }) => (
            <Bar
              key={field}
              dataKey={field}
              stackId="all"
              fill={color}
              isAnimationActive={false}
              maxBarSize={18}
            />
          ))}
        </BarChart>
      ) : (
        <LineChart
          accessibilityLayer={false}
          data={buckets}
          margin={{ top: 6, right: rem(1.125), bottom: 0, left: 0 }}
        >
          {frame}
          {series.map(({ field, color }) => (
            <Line
              key={field}
              dataKey={field}
              stroke={color}
              type="monotone"
              strokeWidth={1.75}
              dot={isSparse ? { r: 2.5, fill: color, strokeWidth: 0 } : false}
              activeDot={{ r: 4 }}
              connectNulls
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      )}
    </ResponsiveContainer>
  )
}

const rem = (value: number) =>
  value * Number.parseFloat(getComputedStyle(document.documentElement).fontSize || '16')

interface HoverProps extends TooltipContentProps {
  series: Series[]
  format: (value: number) => string
  step: number
}

function Hover({ active, label, payload, series, format, step }: HoverProps) {
  const { i18n, t } = useTranslation()
  if (!active || payload.length === 0) return null
  const from = Number(label)
  return (
    <div className="rounded-lg border border-line bg-raised px-3 py-2 text-xs shadow-float">
      <p className="tabular text-ink-faint">
        {t('charts.span', {
          from: minuteTime(from, i18n.language),
          to: minuteTime(from + step, i18n.language),
        })}
      </p>
      <ul className="mt-1 space-y-0.5">
        {series.map(({ field, name, color }) => {
          const value = (payload[0]?.payload as Bucket | undefined)?.[field]
          return (
            <li key={field} className="flex items-center gap-2 text-ink">
              <svg aria-hidden="true" viewBox="0 0 8 8" className="size-2">
                <circle cx="4" cy="4" r="4" fill={color} />
              </svg>
              <span className="text-ink-soft">{name}</span>
              <span className="tabular ms-auto ps-3 font-medium">
                {value == null ? t('common.none') : format(value)}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
