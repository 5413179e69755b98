import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clockTime, fullTime, relativeTime } from '@/format/time'

/** The current time, anew every `everyMs`, for things that age on screen. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** A moment as time of day; the full date with its zone appears on hover. */
export function ClockTime({ at }: { at: string }) {
  const { i18n } = useTranslation()
  return (
    <time dateTime={at} title={fullTime(at, i18n.language)} className="tabular whitespace-nowrap">
      {clockTime(at, i18n.language)}
    </time>
  )
}

/** A moment as distance from now; the full date with its zone appears on hover. */
export function RelativeTime({ at }: { at: string }) {
  const { i18n } = useTranslation()
  const now = useNow(15_000)
  return (
    <time dateTime={at} title={fullTime(at, i18n.language)} className="whitespace-nowrap">
      {relativeTime(at, i18n.language, Math.max(now, Date.now()))}
    </time>
  )
}
