import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { DryRun, DryRunBody } from '@/api/types'
import { ActionButton } from '@/app/permission'
import type { Place } from '@/app/session'
import { count } from '@/format/number'
import { type RangeName, rangeOf } from '@/format/range'
import { Problem } from '@/ui/problem'
import { Select } from '@/ui/select'
import { Badge, type Tone } from '@/ui/status'
import { RelativeTime } from '@/ui/time'
import { typedOf } from './policy-form'

const SPANS: readonly RangeName[] = ['1h', '24h', '7d', '30d']
const KINDS = ['refused', 'allowed', 'parameters', 'target'] as const
const TONES: Record<(typeof KINDS)[number], Tone> = {
  refused: 'bad',
  allowed: 'ok',
  parameters: 'warn',
  target: 'accent',
}
/** So many findings are drawn; their number is told of all. */
const SHOWN = 20

interface DryRunSectionProps {
  place: Place
  proposed: NonNullable<DryRunBody['policies']>[number]
}

/** Replays recorded calls of the project against a policy that is only proposed. */
export function DryRunSection({ place, proposed }: DryRunSectionProps) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const [span, setSpan] = useState<RangeName>('24h')
  const run = useMutation({
    mutationFn: () => {
      const body: DryRunBody = {
        since: rangeOf({ range: span }, '24h').since,
        project_id: place.project.id,
        policies: [proposed],
      }
      return call<DryRun>('POST', '/policies/dry-run', { body })
    },
  })
  const done = run.data
  const open = Object.values(done?.not_judged ?? {}).reduce((sum, one) => sum + one, 0)
  return (
    <section
      aria-labelledby={`${id}-title`}
      className="space-y-3 rounded-xl border border-line bg-surface p-4"
    >
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-56">
          <h3 id={`${id}-title`} className="font-medium text-ink text-sm">
            {t('dryRun.title')}
          </h3>
          <p className="text-ink-faint text-xs">
            {t('dryRun.text', { project: place.project.name })}
          </p>
        </div>
        <Select
          aria-label={t('range.label')}
          value={span}
          onChange={(event) => setSpan(SPANS.find((one) => one === event.target.value) ?? '24h')}
        >
          {SPANS.map((one) => (
            <option key={one} value={one}>
              {t(`range.${one}`)}
            </option>
          ))}
        </Select>
        <ActionButton
          permission="policy:try"
          icon={<FlaskConical aria-hidden />}
          busy={run.isPending}
          onClick={() => run.mutate()}
        >
          {t('dryRun.action')}
        </ActionButton>
      </div>
      {run.error ? <Problem error={run.error} /> : null}
      {done ? (
        <div role="status" data-read={done.read} className="space-y-2 text-sm">
          <p className="text-ink">
            {t('dryRun.read', { count: done.read, figure: count(done.read, i18n.language) })}
            {open > 0 ? ` ${t('dryRun.open', { count: open })}` : null}
          </p>
          <dl className="flex flex-wrap gap-2">
            {KINDS.map((kind) => (
              <div key={kind} data-changed={kind} className="flex items-center gap-1.5">
                <dt>
                  <Badge tone={(done.changed[kind] ?? 0) > 0 ? TONES[kind] : 'idle'}>
                    {t(`dryRun.kinds.${kind}`)}
                  </Badge>
                </dt>
                <dd className="tabular font-medium text-ink">
                  {count(done.changed[kind] ?? 0, i18n.language)}
                </dd>
              </div>
            ))}
          </dl>
          <ul className="space-y-1.5">
            {done.findings.slice(0, SHOWN).map((found) => (
              <li
                key={`${found.request_id}/${found.kind}`}
                className="flex flex-wrap items-baseline gap-x-2 text-xs"
              >
                <Badge tone={TONES[found.kind]}>{t(`dryRun.kinds.${found.kind}`)}</Badge>
                <Link
                  to="/requests"
                  search={{ request: found.request_id }}
                  className="rounded font-mono text-accent-ink underline"
                >
                  {found.request_id}
                </Link>
                <span className="text-ink-faint">
                  <RelativeTime at={found.at} />
                </span>
                <span className="wrap-anywhere text-ink-soft">
                  {found.changes.length > 0
                    ? found.changes
                        .map(
                          (one) =>
                            `${one.name}${t('common.colon')}${
                              one.absent_before ? t('common.none') : typedOf(one.before)
                            } → ${one.absent_after ? t('common.none') : typedOf(one.after)}`,
                        )
                        .join(', ')
                    : found.detail || found.reason}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  )
}
