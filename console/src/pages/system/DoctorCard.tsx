import { useQuery } from '@tanstack/react-query'
import { RotateCw, Stethoscope } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '@/api/client'
import type { Examination } from '@/api/types'
import { AsCode } from '@/ui/as-code'
import { Button } from '@/ui/button'
import { Card, CardHeader } from '@/ui/card'
import { Empty } from '@/ui/empty'
import { Problem } from '@/ui/problem'
import { SkeletonRows } from '@/ui/skeleton'
import { Badge, type Tone } from '@/ui/status'
import { ClockTime } from '@/ui/time'

type Verdict = Examination['findings'][number]['verdict']

const TONES: Record<Verdict, Tone> = { ok: 'ok', warning: 'warn', problem: 'bad', skipped: 'idle' }
const WORST: Verdict[] = ['problem', 'warning', 'skipped', 'ok']

/** What the doctor finds on the machine that answers: asked for, because some checks take a moment. */
export function DoctorCard() {
  const { t, i18n } = useTranslation()
  const language = i18n.language === 'zh' ? 'zh' : 'en'
  const [asked, setAsked] = useState(false)
  const found = useQuery({
    queryKey: ['system', 'doctor', language],
    queryFn: ({ signal }) =>
      call<Examination>('GET', '/system/doctor', { signal, query: { language } }),
    enabled: asked,
    staleTime: 30_000,
  })
  const findings = found.data?.findings
    .map((finding, place) => ({ ...finding, place }))
    .toSorted((one, other) => WORST.indexOf(one.verdict) - WORST.indexOf(other.verdict))
  return (
    <Card aria-labelledby="doctor">
      <CardHeader
        id="doctor"
        title={t('system.examination')}
        hint={
          found.data ? (
            <>
              {t(found.data.well ? 'system.well' : 'system.unwell')}{' '}
              <ClockTime at={found.data.examined_at} />
            </>
          ) : null
        }
      >
        <Button
          onClick={() => (asked ? void found.refetch() : setAsked(true))}
          disabled={found.isFetching}
        >
          <RotateCw aria-hidden />
          {t('system.examine')}
        </Button>
        <AsCode
          request={{
            method: 'GET',
            path: '/system/doctor',
            sdk: 'system.doctor.examine',
            cli: 'mainspring doctor',
          }}
        />
      </CardHeader>
      {found.isError ? (
        <Problem error={found.error} onRetry={() => found.refetch()} className="m-4" />
      ) : findings ? (
        <ul className="divide-y divide-line border-line border-t">
          {findings.map((finding) => (
            <li key={finding.place} className="flex items-start gap-3 px-4 py-2.5 sm:px-5">
              <Badge tone={TONES[finding.verdict]}>{t(`system.verdicts.${finding.verdict}`)}</Badge>
              <div className="wrap-anywhere min-w-0 text-sm">
                <p className="text-ink">{finding.text}</p>
                {finding.hint && finding.verdict !== 'ok' ? (
                  <p className="mt-0.5 text-ink-soft">{finding.hint}</p>
                ) : null}
              </div>
            </li>
          ))}
        </ul>
      ) : found.isFetching ? (
        <SkeletonRows rows={6} />
      ) : (
        <Empty icon={Stethoscope} title={t('system.notExaminedTitle')}>
          {t('system.notExaminedText')}
        </Empty>
      )}
    </Card>
  )
}
