import { useTranslation } from 'react-i18next'
import type { Slo } from '@/api/types'
import { duration, exactPercent } from '@/format/number'
import { optionalText } from '@/i18n'

/** Return the function that says what an objective promises, in a sentence. */
export function usePromise(): (slo: Slo) => string {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  return (slo) => {
    const operation = slo.operation
      ? (optionalText(t, `operations.${slo.operation}`) ?? slo.operation)
      : null
    const calls = [operation, slo.model].filter(Boolean).join(' · ')
    return [
      t(`objectives.promises.${slo.indicator}`, {
        share: exactPercent(slo.target, language),
        time: slo.threshold_ms === null ? '' : duration(slo.threshold_ms, language),
      }),
      calls,
      t('objectives.window', { count: slo.window_days }),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}
